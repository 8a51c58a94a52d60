-- query: absence_visits
-- about: What a time away did with each visit, and what became of it when the person was back.
-- params: ref text
-- row: ref text, order_ref text, title text, organisation_name text, planned_on date, starts_at text null, became text, due money, released money, answer text null, state text, notice_hours int
-- rows: many
SELECT v.ref, o.ref AS order_ref, l.title, g.name AS organisation_name, v.planned_on, to_char(v.starts_at, 'HH24:MI') AS starts_at, x.became, x.due,
       CASE x.became WHEN 'paused' THEN v.price ELSE 0 END AS released, x.answer, v.state, l.notice_hours
  FROM payments.absence a
  JOIN payments.absence_visit x ON x.council_id = a.council_id AND x.absence_id = a.id
  JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
  JOIN payments.orders o ON o.council_id = v.council_id AND o.id = v.order_id
  JOIN payments.order_line l ON l.council_id = v.council_id AND l.id = v.order_line_id
  JOIN identity.organisation g ON g.id = v.organisation_id
 WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.ref = $1::text
 ORDER BY v.planned_on, v.starts_at, v.id
