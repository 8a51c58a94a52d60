-- query: listing_save
-- about: The provider changes a listing: {listing, title, summary, price, status}. Outcomes: saved, gate, state.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, sentence text null, state text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'sentence' AS sentence, r ->> 'state' AS state, (r ->> 'replayed')::boolean AS replayed
  FROM catalogue.listing_save($1::uuid, $2::jsonb) r
