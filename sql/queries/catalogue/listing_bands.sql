-- query: listing_bands
-- about: The public prices of a listing at other times.
-- params: ref text
-- row: band text, price money
-- rows: many
SELECT CASE p.band WHEN 'evening' THEN 'Evenings' WHEN 'night' THEN 'Nights' WHEN 'weekend' THEN 'Weekends' WHEN 'bank_holiday' THEN 'Bank holidays'
                   WHEN 'two_workers' THEN 'Two workers' WHEN 'half_hour' THEN 'Half an hour' ELSE 'A quarter of an hour' END AS band, p.price
  FROM catalogue.listing_price p JOIN catalogue.listing l ON l.id = p.listing_id
 WHERE l.ref = $1::text AND l.status = 'published'
 ORDER BY p.price, p.band
