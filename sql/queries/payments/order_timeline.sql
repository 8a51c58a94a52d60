-- query: order_timeline
-- about: What happened to an order and its visits, newest first: who did it, in which role, on whose behalf.
-- params: ref text
-- row: at time, happened_when text, verb text, from_state text, to_state text, visit_ref text null, planned_on date null, actor text null, role text null, is_by_mandate bool, reason text null
-- rows: many
SELECT e.at, payments.said_at(e.at) AS happened_when, e.verb, e.from_state, e.to_state, v.ref AS visit_ref, v.planned_on, a.name AS actor, e.role, e.mandate_id IS NOT NULL AS is_by_mandate, e.reason
  FROM payments.orders o
  JOIN payments.order_event e ON e.council_id = o.council_id AND e.order_id = o.id
  LEFT JOIN payments.visit v ON v.council_id = e.council_id AND v.id = e.visit_id
  LEFT JOIN identity.account_name a ON a.id = e.actor_id
 WHERE o.council_id = mc.council() AND o.ref = $1::text
   AND (o.person_id = mc.person() OR (mc.role() = 'provider' AND o.organisation_id = mc.organisation() AND o.id = ANY (payments.order_mates(o.ref)))
        OR mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding'))
 ORDER BY e.id DESC
 LIMIT mc.list_most(500)
