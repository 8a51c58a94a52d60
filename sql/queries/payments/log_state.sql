-- query: log_state
-- about: What the last look at this council's whole log counted and found, and how much was sealed since. Nobody has looked yet: no day and no head.
-- row: checked_when text null, block bigint null, events bigint null, journals bigint null, findings int null, fresh bigint
-- rows: one
SELECT payments.said_at(c.checked_at) AS checked_when, c.block, c.events, c.journals, c.findings,
       (SELECT coalesce(sum(s.events + s.journals), 0)::bigint FROM audit.seal s WHERE s.council_id = mc.council() AND mc.role() = 'auditor' AND s.block > coalesce(c.block, 0)) AS fresh
  FROM (VALUES (1)) one (n)
  LEFT JOIN LATERAL (SELECT * FROM audit.log_check x WHERE x.council_id = mc.council() AND mc.role() = 'auditor' ORDER BY x.id DESC LIMIT 1) c ON true
