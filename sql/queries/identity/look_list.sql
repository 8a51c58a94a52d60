-- query: look_list
-- about: Who looked at the person's record on their behalf, newest first.
-- row: on_day date, who text, role text
-- rows: many
SELECT l.on_day, a.name AS who, h.role
  FROM audit.look l
  JOIN identity.account_name a ON a.id = l.account_id
  JOIN identity.hat h ON h.council_id = l.council_id AND h.id = l.hat_id
 WHERE l.council_id = mc.council() AND l.person_id = mc.person()
 ORDER BY l.on_day DESC, a.name LIMIT mc.list_most(200)
