-- query: payment_show
-- about: One payment, for its payee or the council's officers.
-- params: reference text
-- row: reference text, run_ref text, payee_name text, amount money, state text, pay_on date, settled_on date null, returned_on date null, return_reason text null
-- rows: maybe
SELECT i.reference, r.ref AS run_ref, i.payee_name, i.amount, i.state, r.pay_on, i.settled_on, i.returned_on, i.return_reason
  FROM payments.payment i JOIN payments.run r ON r.council_id = i.council_id AND r.id = i.run_id
 WHERE i.council_id = mc.council() AND i.reference = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
