-- query: tolerance_list
-- about: Every tolerance that was decided, those in force first: who, when, why, from which day. Without figures: from then on as for every other service.
-- params: page int
-- row: ref text null, measure text, service text null, service_ref text, absolute text null, percent text null, starts_on date, state text, set_by text null, set_at time, set_when text hidden,
--   reason text null
-- rows: many
-- page: 50
SELECT t.ref, t.measure, (SELECT l.title FROM payments.order_line l WHERE l.council_id = t.council_id AND l.listing_ref = t.service ORDER BY l.id DESC LIMIT 1) AS service, t.service AS service_ref,
       CASE t.measure WHEN 'quantity' THEN trim_scale(t.absolute)::text ELSE payments.pence_words(t.absolute) END AS absolute, trim_scale(t.percent)::text AS percent, t.starts_on, x.state,
       n.name AS set_by, t.set_at, payments.said_at(t.set_at) AS set_when, t.reason
  FROM (SELECT v.*, row_number() OVER (PARTITION BY v.measure, v.service, v.starts_on <= ledger.today() ORDER BY v.starts_on DESC, v.id DESC) AS place
          FROM payments.tolerance v WHERE v.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')) t
 CROSS JOIN LATERAL (SELECT CASE WHEN t.starts_on > ledger.today() THEN 'coming' WHEN t.place > 1 THEN 'past' WHEN t.absolute IS NULL THEN 'ended' ELSE 'in force' END AS state) x
  LEFT JOIN identity.account_name n ON n.id = t.set_by
 ORDER BY array_position(ARRAY['in force', 'coming', 'ended', 'past'], x.state), t.measure, t.service, t.starts_on DESC, t.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
