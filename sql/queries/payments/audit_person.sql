-- query: audit_person
-- about: Every recorded act about one person, newest first: for the council's officers, and for the person and whoever acts for them.
-- lane: slow
-- params: person text, page int
-- row: at time, said_when text hidden, verb text, said text hidden, kind text, ref text, amount money null, role text null, actor text null, mandate text null
-- rows: many
-- page: 200
SELECT e.at, payments.said_at(e.at) AS said_when, e.verb, replace(e.verb, '_', ' ') AS said, e.kind, e.ref, e.amount, e.role, a.name AS actor, m.ref AS mandate
  FROM identity.person p
  JOIN audit.event e ON e.council_id = p.council_id AND e.person_id = p.id
  LEFT JOIN identity.account_name a ON a.id = e.account_id
  LEFT JOIN identity.mandate m ON m.council_id = e.council_id AND m.id = e.mandate_id
 WHERE p.council_id = mc.council() AND p.ref = $1::text AND (p.id = mc.person() OR mc.role() IN ('auditor', 'finance', 'commissioner', 'safeguarding'))
 ORDER BY e.id DESC LIMIT mc.list_most(201) OFFSET mc.list_most(200) * (greatest($2::int, 1) - 1)
