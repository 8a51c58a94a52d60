-- query: tolerance_list
-- about: Every tolerance that was decided: those that wait for a second officer, then those in force: who, when, why, from which day. Without figures: from then on as for every other service.
-- params: page int
-- row: ref text null, measure text, service text null, service_ref text, absolute text null, percent text null, starts_on date, state text, set_by text null, set_at time, set_when text hidden,
--   reason text null, agreed_by text null
-- rows: many
-- page: 50
SELECT t.ref, t.measure, (SELECT l.title FROM payments.order_line l WHERE l.council_id = t.council_id AND l.listing_ref = t.service ORDER BY l.id DESC LIMIT 1) AS service, t.service AS service_ref,
       CASE t.measure WHEN 'quantity' THEN trim_scale(t.absolute)::text ELSE payments.pence_words(t.absolute) END AS absolute, trim_scale(t.percent)::text AS percent, t.starts_on, x.state,
       n.name AS set_by, t.set_at, payments.said_at(t.set_at) AS set_when, t.reason, CASE t.verb WHEN 'agree' THEN a.name END AS agreed_by
  FROM (SELECT v.*, d.verb, d.decided_by,
               row_number() OVER (PARTITION BY v.measure, v.service, v.starts_on <= ledger.today(), NOT v.is_wider OR d.verb = 'agree' ORDER BY v.starts_on DESC, v.id DESC) AS place
          FROM payments.tolerance v LEFT JOIN payments.tolerance_decision d ON d.council_id = v.council_id AND d.tolerance_id = v.id
         WHERE v.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')) t
 CROSS JOIN LATERAL (SELECT CASE WHEN t.verb = 'refuse' THEN 'refused' WHEN t.is_wider AND t.verb IS NULL THEN 'waiting' WHEN t.starts_on > ledger.today() THEN 'coming'
                                 WHEN t.place > 1 THEN 'past' WHEN t.absolute IS NULL THEN 'ended' ELSE 'in force' END AS state) x
  LEFT JOIN identity.account_name n ON n.id = t.set_by
  LEFT JOIN identity.account_name a ON a.id = t.decided_by
 ORDER BY array_position(ARRAY['waiting', 'in force', 'coming', 'ended', 'past', 'refused'], x.state), t.measure, t.service, t.starts_on DESC, t.id DESC
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
