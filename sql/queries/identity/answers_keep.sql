-- query: answers_keep
-- about: Keeps what was typed for whoever is asking; the key that it is read back by, none where nobody is signed in.
-- writes: yes
-- params: key uuid, page text, form text, answers json, messages json, days int
-- row: key uuid null
-- rows: one
SELECT mc.answers_keep($1::uuid, $2::text, $3::text, $4::jsonb, $5::jsonb, $6::int) AS key
