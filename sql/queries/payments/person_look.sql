-- query: person_look
-- about: An officer opens a person's record; the person sees that. No such person: not found.
-- writes: yes
-- params: person text
-- row: ref text, name text, away text null
-- rows: one
SELECT l.ref, l.name, payments.away_of(p.id) AS away
  FROM audit.look_at($1::text) l JOIN identity.person p ON p.council_id = mc.council() AND p.ref = l.ref
