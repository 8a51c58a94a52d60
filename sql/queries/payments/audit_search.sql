-- query: audit_search
-- about: The audit log by words (person, reference, officer) and days, newest first, a hundred a page; as a file in parts of 5,000, each of what is older than an event.
-- lane: slow
-- params: q text, from_on date null, to_on date null, page int, before bigint null
-- row: id bigint hidden, at time, said_when text hidden, actor text null, role text null, verb text, said text hidden, kind text, ref text, amount money null, person_ref text null, person_name text null, mandate text null
-- rows: many
-- page: 100

-- The events come first, in the order of their index, and only then whom they name: joined before, every page read all there are. What is asked of an event is
-- one CASE, because PostgreSQL takes each of several conditions for rare, and then reads all events to sort the few that it expects.
SELECT e.id, e.at, payments.said_at(e.at) AS said_when, a.name AS actor, e.role, e.verb, replace(e.verb, '_', ' ') AS said, e.kind, e.ref, e.amount, p.ref AS person_ref, p.name AS person_name, m.ref AS mandate
  FROM (SELECT x.* FROM audit.event x
         WHERE x.council_id = mc.council() AND mc.role() = 'auditor' AND x.id < (SELECT coalesce($5::bigint, 9223372036854775807))
           AND CASE WHEN x.at < (SELECT coalesce($2::date, '-infinity'::date)::timestamp AT TIME ZONE 'Europe/London') THEN false
                    WHEN x.at >= (SELECT (coalesce($3::date, DATE '9999-01-01') + 1)::timestamp AT TIME ZONE 'Europe/London') THEN false
                    WHEN $1::text = '' OR x.ref = (SELECT upper($1::text)) THEN true
                    ELSE x.person_id = ANY (ARRAY(SELECT f.id FROM identity.person f WHERE f.council_id = mc.council() AND (f.ref = upper($1::text) OR strpos(lower(f.name), lower($1::text)) > 0)))
                      OR x.account_id = ANY (ARRAY(SELECT f.id FROM identity.account_name f WHERE strpos(lower(f.name), lower($1::text)) > 0))
                      OR x.mandate_id = ANY (ARRAY(SELECT f.id FROM identity.mandate f WHERE f.council_id = mc.council() AND f.ref = upper($1::text)))
               END
         ORDER BY x.id DESC LIMIT least(mc.list_most(101), 5000) OFFSET 100 * (greatest($4::int, 1) - 1)) e
  LEFT JOIN identity.account_name a ON a.id = e.account_id
  LEFT JOIN identity.person p ON p.council_id = e.council_id AND p.id = e.person_id
  LEFT JOIN identity.mandate m ON m.council_id = e.council_id AND m.id = e.mandate_id
 ORDER BY e.id DESC
