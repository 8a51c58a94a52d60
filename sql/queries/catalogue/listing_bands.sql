-- query: listing_bands
-- about: The public prices of a listing at other times.
-- params: ref text
-- row: band text, price money
-- rows: many
SELECT catalogue.band_words(p.band) AS band, p.price
  FROM catalogue.listing_price p JOIN catalogue.listing l ON l.id = p.listing_id
 WHERE l.ref = $1::text AND l.status = 'published'
 ORDER BY p.price, p.band
