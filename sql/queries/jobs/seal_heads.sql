-- query: seal_heads
-- about: The head of the council's sealed log, for the anchor file.
-- row: block bigint, sha256 text, sealed_at text
-- rows: maybe
SELECT block, encode(sha256, 'hex') AS sha256, to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS sealed_at
  FROM audit.seal WHERE council_id = mc.council() ORDER BY block DESC LIMIT 1
