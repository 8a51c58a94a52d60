-- query: pool_names
-- about: What those who take part let the others see of their names, for those who take part; nobody's own.
-- params: ref text
-- row: shown_as text null
-- rows: many
SELECT x.shown_as
  FROM payments.pool p
 CROSS JOIN LATERAL payments.pool_members(p.id) x
 WHERE p.council_id = mc.council() AND p.ref = $1::text AND x.person_id <> mc.person()
   AND EXISTS (SELECT FROM payments.pool_members(p.id) me WHERE me.person_id = mc.person())
 ORDER BY x.shown_as, x.id
