-- query: invoice_form
-- about: An invoice from the web form: {order, from, to, number}. Outcomes: approved, exception, duplicate, unreadable, nothing_to_bill.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, sentence text null, number text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, r ->> 'sentence' AS sentence, r ->> 'number' AS number, (r ->> 'replayed')::boolean AS replayed
  FROM payments.invoice_form($1::uuid, $2::jsonb) r
