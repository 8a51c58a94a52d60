-- query: audit_seals
-- about: The sealed blocks of this council's log, the head first, and how many events wait to be sealed.
-- lane: slow
-- row: block bigint, events int, sha256 text, sealed_when text, waiting int
-- rows: many
SELECT s.block, s.events, encode(s.sha256, 'hex') AS sha256, payments.said_at(s.sealed_at) AS sealed_when,
       (SELECT count(*)::int FROM audit.unsealed q WHERE q.council_id = s.council_id AND q.kind = 'event') AS waiting
  FROM audit.seal s WHERE s.council_id = mc.council() AND mc.role() = 'auditor' ORDER BY s.block DESC LIMIT mc.list_most(50)
