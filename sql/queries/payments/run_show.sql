-- query: run_show
-- about: One payment run, and what this officer may do with it now.
-- params: ref text
-- row: ref text, state text, pay_on date, total money, payments int, bank_account text, assembled_by text, assembled_at time, frozen_by text null, frozen_at time null,
--   approved_by text null, approved_at time null, emitted_by text null, emitted_at time null, message_id text null, file_ref text null, file_sha256 text null, settled_on date null,
--   may_freeze bool, may_approve bool, may_emit bool, may_withdraw bool
-- rows: maybe
SELECT r.ref, r.state, r.pay_on, r.total, r.payments, b.name AS bank_account, a.name AS assembled_by, r.assembled_at, f.name AS frozen_by, r.frozen_at,
       p.name AS approved_by, r.approved_at, e.name AS emitted_by, r.emitted_at, r.message_id, r.file_ref, encode(r.file_sha256, 'hex') AS file_sha256, r.settled_on,
       m.finance AND r.state = 'draft' AS may_freeze,
       m.finance AND r.state = 'frozen' AND mc.account() NOT IN (r.assembled_by, coalesce(r.frozen_by, 0)) AS may_approve,
       m.finance AND r.state = 'approved' AND mc.account() <> r.approved_by AS may_emit,
       m.finance AND r.state IN ('draft', 'frozen', 'approved') AS may_withdraw
  FROM payments.run r
  JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
  JOIN identity.account_name a ON a.id = r.assembled_by
  LEFT JOIN identity.account_name f ON f.id = r.frozen_by
  LEFT JOIN identity.account_name p ON p.id = r.approved_by
  LEFT JOIN identity.account_name e ON e.id = r.emitted_by
 CROSS JOIN LATERAL (SELECT mc.role() = 'finance' AS finance) m
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('finance', 'auditor')
