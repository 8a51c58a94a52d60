-- query: provider_account_list
-- about: The bank details of providers by version, newest first: the provider's own, or all that wait or are in force for finance.
-- row: ref text, provider text, provider_ref text, version int, account_name text, sort_code text, account_end text, vat_profile text, state text, entered_by text, entered_at time,
--   verified_by text null, verified_at time null, cooling_until time null, hindrance text null, is_mine bool, account_check text
-- rows: many
SELECT a.ref, o.name AS provider, o.ref AS provider_ref, a.version, a.account_name, a.sort_code, right(a.account_number, 4) AS account_end, a.vat_profile, a.state,
       e.name AS entered_by, a.entered_at, v.name AS verified_by, a.verified_at, a.cooling_until, p.hindrance, a.entered_by = mc.account() AS is_mine, a.account_check
  FROM payments.provider_account a
  JOIN identity.organisation o ON o.id = a.organisation_id
  JOIN identity.account_name e ON e.id = a.entered_by
  LEFT JOIN identity.account_name v ON v.id = a.verified_by
 CROSS JOIN LATERAL payments.payable_account(a.organisation_id) p
 WHERE a.council_id = mc.council()
   AND (mc.role() = 'provider' AND a.organisation_id = mc.organisation() OR mc.role() IN ('finance', 'auditor') AND a.state IN ('entered', 'verified', 'stopped'))
 ORDER BY a.state = 'entered' DESC, o.name, a.version DESC LIMIT mc.list_most(500)
