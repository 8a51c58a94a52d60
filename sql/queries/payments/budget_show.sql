-- query: budget_show
-- about: One budget of a person, for officers, and whether this officer may pause it. Opening it is recorded for the person.
-- writes: yes
-- params: ref text
-- row: ref text, person_ref text, person_name text, state text, state_reason text null, starts_on date, ends_on date, allocated money, held money, spent money, free money, may_freeze bool,
--   may_allocate bool, away text null
-- rows: maybe
SELECT b.ref, l.ref AS person_ref, l.name AS person_name, b.state, b.state_reason, b.starts_on, b.ends_on, p.allocated, p.held, p.spent, p.free,
       mc.role() IN ('commissioner', 'finance', 'safeguarding') AND b.state <> 'ended' AS may_freeze,
       mc.role() IN ('commissioner', 'finance') AND b.state <> 'ended' AS may_allocate, payments.away_of(b.person_id) AS away
  FROM payments.budget b
  JOIN identity.person n ON n.council_id = b.council_id AND n.id = b.person_id
 CROSS JOIN LATERAL audit.look_at(n.ref) l
 CROSS JOIN LATERAL (SELECT coalesce(sum(x.allocated), 0)::bigint AS allocated, coalesce(sum(x.held), 0)::bigint AS held, coalesce(sum(x.spent), 0)::bigint AS spent,
                            coalesce(sum(x.free), 0)::bigint AS free
                       FROM payments.budget_position x WHERE x.council_id = b.council_id AND x.budget_id = b.id AND x.kind <> 'own_money') p
 WHERE b.council_id = mc.council() AND b.ref = $1::text
