-- query: run_show
-- about: One payment run. Whoever works in finance may try each act; the constraints of the run say who may not.
-- params: ref text
-- row: ref text, state text, pay_on date, total money, payments int, bank_account text, assembled_by text, assembled_when text, frozen_by text null, frozen_when text null,
--   approved_by text null, approved_when text null, emitted_by text null, emitted_when text null, message_id text null, file_ref text null, file_sha256 text null, settled_on date null,
--   may_act bool, profile text
-- rows: maybe
SELECT r.ref, r.state, r.pay_on, r.total, r.payments, b.name AS bank_account, a.name AS assembled_by, payments.said_at(r.assembled_at) AS assembled_when, f.name AS frozen_by, payments.said_at(r.frozen_at) AS frozen_when,
       p.name AS approved_by, payments.said_at(r.approved_at) AS approved_when, e.name AS emitted_by, payments.said_at(r.emitted_at) AS emitted_when, r.message_id, r.file_ref, encode(r.file_sha256, 'hex') AS file_sha256, r.settled_on,
       mc.role() = 'finance' AS may_act, r.profile
  FROM payments.run r
  JOIN payments.bank_account b ON b.council_id = r.council_id AND b.id = r.bank_account_id
  JOIN identity.account_name a ON a.id = r.assembled_by
  LEFT JOIN identity.account_name f ON f.id = r.frozen_by
  LEFT JOIN identity.account_name p ON p.id = r.approved_by
  LEFT JOIN identity.account_name e ON e.id = r.emitted_by
 WHERE r.council_id = mc.council() AND r.ref = $1::text AND mc.role() IN ('finance', 'auditor')
