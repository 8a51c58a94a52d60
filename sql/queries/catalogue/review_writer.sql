-- query: review_writer
-- about: Who wrote a review, for the safeguarding lead and the auditor; the person sees that they looked. No row for others.
-- writes: yes
-- params: ref text
-- row: person_ref text, person_name text, account_name text
-- rows: maybe
SELECT person_ref, person_name, account_name FROM catalogue.review_writer($1::text)
