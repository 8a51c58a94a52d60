-- query: provider_bank_enter
-- about: The provider enters new bank details of its own: {account_name, sort_code, account_number, iban?, vat_profile, vat_number?}.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text, ref text null, replayed bool
-- rows: one
SELECT r ->> 'outcome' AS outcome, r ->> 'ref' AS ref, (r ->> 'replayed')::boolean AS replayed
  FROM identity.organisation o, payments.provider_account_enter($1::uuid, $2::jsonb || jsonb_build_object('organisation', o.ref)) r
 WHERE o.id = mc.organisation()
