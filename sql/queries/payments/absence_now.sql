-- query: absence_now
-- about: When the person is away, now or next, in words. No row when nobody said so.
-- row: away text, ref text
-- rows: maybe
SELECT payments.away_words(a) AS away, a.ref FROM payments.absence a
 WHERE a.council_id = mc.council() AND a.person_id = mc.person() AND a.state = 'open' AND coalesce(payments.absence_last(a), 'infinity') >= ledger.today()
 ORDER BY a.starts_on LIMIT 1
