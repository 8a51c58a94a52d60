-- query: absence_preview
-- about: Every planned visit from a day to a day (null: all that follow), before anything is stopped: what cancelling it costs now, by its provider's notice.
-- params: from_on date, to_on date null
-- row: ref text, order_ref text, title text, organisation_name text, planned_on date, starts_at text null, notice_hours int, price money, due money, released money
-- rows: many
SELECT (f.v).ref, o.ref AS order_ref, l.title, g.name AS organisation_name, (f.v).planned_on, to_char((f.v).starts_at, 'HH24:MI') AS starts_at, l.notice_hours, (f.v).price, f.due,
       CASE f.due WHEN 0 THEN (f.v).price ELSE 0 END AS released
  FROM payments.absence_finds(mc.person(), $1::date, $2::date) f
  JOIN payments.orders o ON o.council_id = mc.council() AND o.id = (f.v).order_id
  JOIN payments.order_line l ON l.council_id = mc.council() AND l.id = (f.v).order_line_id
  JOIN identity.organisation g ON g.id = (f.v).organisation_id
 ORDER BY (f.v).planned_on, (f.v).starts_at, (f.v).id
