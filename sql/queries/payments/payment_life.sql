-- query: payment_life
-- about: Everything that happened to one payment, in order.
-- params: reference text
-- row: at time null, said_when text null hidden, step text, ref text null, amount money, detail text null
-- rows: many
SELECT i.at, payments.said_at(i.at) AS said_when, i.step, i.ref, i.amount, i.detail FROM payments.payment_step i
 WHERE i.council_id = mc.council() AND i.reference = $1::text AND (i.organisation_id = mc.organisation() AND mc.role() = 'provider' OR mc.role() IN ('finance', 'auditor', 'commissioner'))
 ORDER BY array_position(ARRAY['invoice received', 'invoice approved', 'put into a payment run', 'run approved by a second person', 'sent to the bank', 'taken by the bank', 'rejected by the bank',
                               'paid by the bank', 'came back'], i.step), i.at, i.ref
