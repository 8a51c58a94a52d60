-- query: absence_back_preview
-- about: What becomes of each stopped visit if the person is back from a day on (null: today), before anything is put back.
-- params: ref text, from_on date null
-- row: ref text, order_ref text, title text, organisation_name text, planned_on date, starts_at text null, answer text, again money
-- rows: many
SELECT v.ref, o.ref AS order_ref, l.title, g.name AS organisation_name, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, x.answer,
       CASE WHEN x.answer = 'planned' AND x.became = 'paused' THEN v.price ELSE 0 END AS again
  FROM payments.absence a
 CROSS JOIN LATERAL payments.absence_back_plan(a, greatest($2::date, a.starts_on, ledger.today())) x
  JOIN payments.visit v ON v.council_id = a.council_id AND v.id = x.visit_id
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.organisation g ON g.id = v.organisation_id
 WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.ref = $1::text AND a.state = 'open'
 ORDER BY v.planned_on, v.starts_at, v.id
