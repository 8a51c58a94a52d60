-- query: review_list
-- about: The reviews of a listing or an organisation, newest first, with the provider's answers: the first few, or twenty a page. Nothing of who wrote them.
-- params: ref text, most int, page int
-- row: ref text, service text, service_ref text, organisation text, written_in text, written_by text, on_time text null, as_agreed text null, was_kind text null, use_again text null,
--   words text null, is_changed bool, reply text null, replied_in text null
-- rows: many
-- page: 20
SELECT r.ref, l.title AS service, l.ref AS service_ref, o.name AS organisation, to_char(r.written_in, 'FMMonth YYYY') AS written_in, r.written_by, r.on_time, r.as_agreed, r.was_kind, r.use_again,
       r.words, r.is_changed, r.reply, to_char(r.replied_in, 'FMMonth YYYY') AS replied_in
  FROM catalogue.reviews_of($1::text, mc.list_most($2::int), mc.list_most(20) * (greatest($3::int, 1) - 1)) r
  JOIN catalogue.listing l ON l.id = r.listing_id
  JOIN identity.organisation o ON o.id = r.organisation_id
 ORDER BY r.id DESC
