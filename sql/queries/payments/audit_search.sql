-- query: audit_search
-- about: The audit log by words (person, reference, officer) and days, newest first, a hundred a page; as a file in parts of 5,000, each of what is older than an event.
-- lane: slow
-- params: q text, from_on date null, to_on date null, page int, before bigint null
-- row: id bigint hidden, at time, said_when text hidden, actor text null, role text null, verb text, said text hidden, kind text, ref text, amount money null, person_ref text null, person_name text null, mandate text null
-- rows: many
SELECT e.id, e.at, payments.said_at(e.at) AS said_when, a.name AS actor, e.role, e.verb, replace(e.verb, '_', ' ') AS said, e.kind, e.ref, e.amount, p.ref AS person_ref, p.name AS person_name, m.ref AS mandate
  FROM audit.event e
  LEFT JOIN identity.account_name a ON a.id = e.account_id
  LEFT JOIN identity.person p ON p.council_id = e.council_id AND p.id = e.person_id
  LEFT JOIN identity.mandate m ON m.council_id = e.council_id AND m.id = e.mandate_id
 WHERE e.council_id = mc.council() AND mc.role() = 'auditor'
   AND ($1::text = '' OR e.ref = upper($1::text) OR p.ref = upper($1::text) OR m.ref = upper($1::text)
        OR strpos(lower(p.name), lower($1::text)) > 0 OR strpos(lower(a.name), lower($1::text)) > 0)
   AND e.at >= coalesce($2::date, '-infinity'::date)::timestamp AT TIME ZONE 'Europe/London'
   AND e.at < (coalesce($3::date, DATE '9999-01-01') + 1)::timestamp AT TIME ZONE 'Europe/London'
   AND e.id < coalesce($5::bigint, 9223372036854775807)
 ORDER BY e.id DESC LIMIT least(mc.list_most(100), 5000) OFFSET 100 * (greatest($4::int, 1) - 1)
