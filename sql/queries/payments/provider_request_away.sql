-- query: provider_request_away
-- about: When a person of a request that waits for this provider's answer is away: which of its days would be paused at once if it accepts. No row when none.
-- params: ref text
-- row: away text, days int, all_days int
-- rows: many
SELECT payments.away_words(a) AS away, (SELECT count(*) FROM unnest(d.days) AS x WHERE x BETWEEN a.starts_on AND coalesce(payments.absence_last(a), 'infinity'))::int AS days,
       cardinality(d.days) AS all_days
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN payments.absence_request q ON q.council_id = o.council_id AND q.order_id = o.id
  JOIN payments.absence a ON a.council_id = q.council_id AND a.id = q.absence_id AND a.state = 'open'
 CROSS JOIN LATERAL (SELECT payments.occurrences(l.recurrence, l.weekdays, l.starts_on, l.weeks) AS days) d
 WHERE o.council_id = mc.council() AND o.id = ANY (payments.order_mates($1::text)) AND mc.role() = 'provider' AND o.organisation_id = mc.organisation() AND o.state = 'asked'
 ORDER BY a.starts_on
