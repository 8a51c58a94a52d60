-- query: council_reviews
-- about: The reviews of the council's people: those that somebody reported first, then those whose words wait to be read, then the newest, fifty a page. Who wrote them is not in it.
-- params: page int
-- row: ref text, state text, waits bool, reports int, organisation text, service text, written_in text, written_by text, on_time text null, as_agreed text null, was_kind text null, use_again text null,
--   words text null, is_changed bool, reply text null, replied_in text null
-- rows: many
-- page: 50
SELECT r.ref, r.state, catalogue.review_is_waiting(r) AS waits, x.reports, o.name AS organisation, l.title AS service, to_char(r.written_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS written_in, r.written_by,
       r.on_time, r.as_agreed, r.was_kind, r.use_again, CASE WHEN r.words_checked OR mc.role() = 'moderator' THEN r.words END AS words, r.changed_at IS NOT NULL AS is_changed, r.reply, to_char(r.replied_at AT TIME ZONE 'Europe/London', 'FMMonth YYYY') AS replied_in
  FROM catalogue.review r
  JOIN catalogue.listing l ON l.id = r.listing_id
  JOIN identity.organisation o ON o.id = r.organisation_id
 CROSS JOIN LATERAL (SELECT catalogue.review_reports_open(r.id) AS reports) AS x
 WHERE r.council_id = mc.council() AND r.state <> 'withdrawn' AND mc.role() IN ('moderator', 'safeguarding', 'commissioner', 'auditor')
 ORDER BY x.reports > 0 DESC, catalogue.review_is_waiting(r) DESC, r.id DESC
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
