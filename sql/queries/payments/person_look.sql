-- query: person_look
-- about: An officer opens a person's record; the person sees that. No such person: not found.
-- writes: yes
-- params: person text
-- row: ref text, name text
-- rows: one
SELECT ref, name FROM audit.look_at($1::text)
