-- query: broker_people
-- about: The people that this account or its broker organisation may act for today, with what needs attention. Money only where the mandate says see.
-- row: ref text, name text, rights text, ends_on date null, free money null, orders_waiting int, visits_to_answer int
-- rows: many
SELECT p.ref, p.name, m.rights, m.ends_on, f.free,
       (SELECT count(*)::int FROM payments.orders o WHERE o.council_id = p.council_id AND o.person_id = p.id AND o.state = 'asked') AS orders_waiting,
       (SELECT count(*)::int FROM payments.visit v WHERE v.council_id = p.council_id AND v.person_id = p.id AND v.state IN ('delivered', 'frustrated')) AS visits_to_answer
  FROM identity.person p
  JOIN (SELECT d.council_id, d.person_id, string_agg(DISTINCT x, ' ') AS rights, bool_or(x = 'see') AS can_see,
               CASE WHEN bool_or(d.ends_on IS NULL) THEN NULL ELSE max(d.ends_on) END AS ends_on
          FROM identity.mandate d CROSS JOIN unnest(d.rights) AS x
         WHERE d.council_id = mc.council() AND (d.account_id = mc.account() OR (mc.role() = 'broker' AND d.organisation_id = mc.organisation()))
           AND d.revoked_at IS NULL AND d.starts_on <= ledger.today() AND (d.ends_on IS NULL OR d.ends_on >= ledger.today())
         GROUP BY d.council_id, d.person_id) AS m ON m.council_id = p.council_id AND m.person_id = p.id
  LEFT JOIN LATERAL (SELECT coalesce(sum(b.free), 0)::bigint AS free FROM payments.budget_position b
                      WHERE b.council_id = p.council_id AND b.person_id = p.id AND b.budget_state <> 'ended' AND ledger.today() BETWEEN b.starts_on AND b.ends_on) AS f ON m.can_see
 WHERE p.council_id = mc.council() AND mc.role() IN ('supporter', 'broker')
 ORDER BY p.name, p.id
