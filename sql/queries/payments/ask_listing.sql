-- query: ask_listing
-- about: The service somebody is about to ask for, at the price that this person would pay today.
-- params: ref text
-- row: ref text, title text, organisation_name text, unit text, unit_words text, price money, source text, minimum_minutes int, notice_hours int, may_ask bool hidden
-- rows: maybe
SELECT $1::text AS ref, f.title, f.organisation_name, f.unit, catalogue.unit_words(f.unit) AS unit_words, f.price, f.source, f.minimum_minutes, f.notice_hours, identity.may('order') AS may_ask
  FROM catalogue.price_for($1::text, catalogue.viewer_council(), ledger.today()) f
