-- query: answers_kept
-- about: What whoever is asking typed into a form, and what was wrong with it.
-- params: key uuid
-- row: form text, page text, answers json, messages json
-- rows: maybe
SELECT form, page, answers, messages FROM mc.answers_kept($1::uuid)
