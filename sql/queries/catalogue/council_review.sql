-- query: council_review
-- about: One review for the council, with how many reports wait for a decision.
-- params: ref text
-- row: ref text, state text, waits bool, mark text, reports int, organisation text, service text, written_in text, written_by text, on_time text null, as_agreed text null, was_kind text null, use_again text null,
--   words text null, is_changed bool, reply text null, replied_in text null
-- rows: maybe
SELECT r.ref, r.state, catalogue.review_is_waiting(r) AS waits, md5(coalesce(r.words, '')) AS mark, catalogue.review_reports_open(r.id) AS reports, o.name AS organisation, l.title AS service, to_char(r.written_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS written_in,
       r.written_by, r.on_time, r.as_agreed, r.was_kind, r.use_again, CASE WHEN r.words_checked OR mc.role() = 'moderator' THEN r.words END AS words, r.changed_at IS NOT NULL AS is_changed, r.reply,
       to_char(r.replied_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS replied_in
  FROM catalogue.review r
  JOIN catalogue.listing l ON l.id = r.listing_id
  JOIN identity.organisation o ON o.id = r.organisation_id
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('moderator', 'safeguarding', 'commissioner', 'auditor')
