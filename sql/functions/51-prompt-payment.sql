-- When the money comes, and the clock of Procurement Act 2023 s.68: thirty days from a valid invoice to the day the supplier is paid.

-- The day an invoice is expected to be paid: that of the run it is in, else the last working day on which it can be paid in time.
CREATE OR REPLACE FUNCTION payments.expected_on(p_council int, p_invoice bigint) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT coalesce((SELECT r.pay_on
                     FROM payments.payment_invoice x
                     JOIN payments.payment p ON p.council_id = x.council_id AND p.id = x.payment_id AND p.state IN ('planned', 'emitted')
                     JOIN payments.run r ON r.council_id = p.council_id AND r.id = p.run_id
                    WHERE x.council_id = i.council_id AND x.invoice_id = i.id ORDER BY r.pay_on DESC LIMIT 1), payments.pay_by(i.due_on))
    FROM payments.invoice i WHERE i.council_id = p_council AND i.id = p_invoice
$$;

-- Days on which at least one question about the invoice was open, the first and the last counted.
CREATE OR REPLACE FUNCTION payments.queried_days(p_council int, p_invoice bigint) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, payments AS $$
  SELECT count(DISTINCT d)::int
    FROM payments.exception e,
         generate_series((e.opened_at AT TIME ZONE 'Europe/London')::date::timestamp,
                         (coalesce(e.resolved_at, mc.now()) AT TIME ZONE 'Europe/London')::date::timestamp, interval '1 day') d
   WHERE e.council_id = p_council AND e.invoice_id = p_invoice
$$;

REVOKE ALL ON FUNCTION payments.expected_on(int, bigint), payments.queried_days(int, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.expected_on(int, bigint), payments.queried_days(int, bigint) TO mc_web;
