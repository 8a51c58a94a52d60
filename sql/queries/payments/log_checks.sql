-- query: log_checks
-- about: Every look at this council's whole log, newest first, fifty a page.
-- params: page int
-- row: checked_at time, checked_when text hidden, block bigint, events bigint, journals bigint, findings int
-- rows: many
-- page: 50
SELECT c.checked_at, payments.said_at(c.checked_at) AS checked_when, c.block, c.events, c.journals, c.findings
  FROM audit.log_check c WHERE c.council_id = mc.council() AND mc.role() = 'auditor'
 ORDER BY c.id DESC LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
