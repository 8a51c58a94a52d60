-- query: caseload
-- about: What needs the asking helper today, of a kind or of all, those first whom something worse needs. The people see that they were looked at.
-- writes: yes
-- params: kind text null, page int
-- row: person_ref text, person_name text, kind text, about text null, on_date date null, until_on date null, amount money null, weekly money null, title text null, provider text null,
--   missed int null, questioned int null, unsaid int null, ref text null, people int hidden, looked bool hidden
-- rows: many
-- page: 50
WITH found AS MATERIALIZED (SELECT * FROM payments.caseload WHERE council_id = mc.council())
SELECT p.ref AS person_ref, p.name AS person_name, f.kind, f.about, f.on_date, f.until_on, f.amount, f.weekly, f.title, f.provider,
       nullif(f.missed, 0) AS missed, nullif(f.questioned, 0) AS questioned, nullif(f.unsaid, 0) AS unsaid, f.object AS ref,
       (SELECT count(DISTINCT person_id)::int FROM found) AS people, audit.look_under(f.mandate_id) AS looked
  FROM found f JOIN identity.person p ON p.council_id = f.council_id AND p.id = f.person_id
 WHERE $1::text IS NULL OR f.kind = $1::text
 ORDER BY min(f.rank) OVER (PARTITION BY p.id), p.name, p.id, f.rank, f.on_date, f.object
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($2::int, 1) - 1)
