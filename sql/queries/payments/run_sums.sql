-- query: run_sums
-- about: The sums of a run held against each other: its payments, their invoices, and what the stored file says of itself. A file that has the hash of
--   its release says what was read back from it then, or there would be no release; only another one is read again.
-- params: ref text
-- row: payments_sum money, invoices_sum money, file_transfers int null, file_control money null, file_added money null, file_is_intact bool null
-- rows: maybe
SELECT coalesce((SELECT sum(p.amount) FROM payments.payment p WHERE p.council_id = r.council_id AND p.run_id = r.id), 0)::bigint AS payments_sum,
       coalesce((SELECT sum(x.amount) FROM payments.payment p JOIN payments.payment_invoice x ON x.council_id = p.council_id AND x.payment_id = p.id
                  WHERE p.council_id = r.council_id AND p.run_id = r.id), 0)::bigint AS invoices_sum,
       c.transfers AS file_transfers, c.control AS file_control, c.added AS file_added, sha256(f.bytes) = r.file_sha256 AS file_is_intact
  FROM payments.run r
  LEFT JOIN jobs.file f ON f.council_id = r.council_id AND f.ref = r.file_ref
  LEFT JOIN LATERAL (SELECT r.payments AS transfers, r.total AS control, r.total AS added WHERE sha256(f.bytes) = r.file_sha256
                     UNION ALL SELECT n.* FROM payments.file_control(f.bytes) n WHERE sha256(f.bytes) <> r.file_sha256) c ON true
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('finance', 'auditor')
