-- query: tolerance_show
-- about: One tolerance as it was asked for, what holds now, and who decided when it is a wider one.
-- params: ref text
-- row: ref text, measure text, service text null, absolute text null, percent text null, starts_on date, reason text, set_by text, set_when text, is_own bool, holds_now text, waits bool, verb text null, decided_by text null
-- rows: maybe
SELECT t.ref, t.measure, (SELECT l.title FROM payments.order_line l WHERE l.council_id = t.council_id AND l.listing_ref = t.service ORDER BY l.id DESC LIMIT 1) AS service,
       CASE t.measure WHEN 'quantity' THEN trim_scale(t.absolute)::text ELSE payments.pence_words(t.absolute) END AS absolute, trim_scale(t.percent)::text AS percent, t.starts_on, t.reason,
       n.name AS set_by, payments.said_at(t.set_at) AS set_when, t.set_by = mc.account() AS is_own, payments.tolerance_words(t.service, t.measure) AS holds_now,
       t.is_wider AND d.verb IS NULL AS waits, d.verb, a.name AS decided_by
  FROM payments.tolerance t
  JOIN identity.account_name n ON n.id = t.set_by
  LEFT JOIN payments.tolerance_decision d ON d.council_id = t.council_id AND d.tolerance_id = t.id
  LEFT JOIN identity.account_name a ON a.id = d.decided_by
 WHERE t.council_id = mc.council() AND mc.role() = 'finance' AND t.ref = $1::text
