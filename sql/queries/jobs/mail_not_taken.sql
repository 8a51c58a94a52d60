-- query: mail_not_taken
-- about: The relay did not take an e-mail: again after a pause, from ten seconds to six hours; after twelve times no more.
-- writes: yes
-- params: id bigint, error text
-- rows: none
UPDATE jobs.mail SET tries = tries + 1, error = $2::text, not_before = now() + least(interval '10 seconds' * power(3, tries), interval '6 hours'),
       parked_at = CASE WHEN tries >= 11 THEN now() END
 WHERE id = $1::bigint
