-- query: absence_check
-- about: The day today, and the time away that the person already said and that these days fall into.
-- params: from_on date, to_on date null
-- row: today date, clash_ref text null, clash_away text null
-- rows: one
SELECT ledger.today() AS today, c.ref AS clash_ref, c.away AS clash_away
  FROM (SELECT daterange($1::date, CASE WHEN $2::date >= $1::date THEN $2::date END, '[]') AS days) d
  LEFT JOIN LATERAL (SELECT a.ref, payments.away_words(a) AS away FROM payments.absence a
                      WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.state = 'open' AND daterange(a.starts_on, payments.absence_last(a), '[]') && d.days
                      ORDER BY a.starts_on LIMIT 1) c ON true
