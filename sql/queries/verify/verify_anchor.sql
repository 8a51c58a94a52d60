-- query: verify_anchor
-- about: Whether a head that was written down outside is still what the sealed log says.
-- lane: slow
-- params: council_id int, block bigint, sha256 text
-- row: matches bool
-- rows: one
SELECT EXISTS (SELECT FROM audit.seal WHERE council_id = $1::int AND block = $2::bigint AND encode(sha256, 'hex') = $3::text) AS matches
