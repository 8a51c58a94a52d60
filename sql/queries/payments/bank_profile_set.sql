-- query: bank_profile_set
-- about: Decides which payment file the bank of an account takes: {account, profile, service_user_number?, reason}. Outcomes: set; number.
-- writes: yes
-- params: key uuid, request json
-- row: outcome text
-- rows: one
SELECT payments.bank_profile_set($1::uuid, $2::jsonb) ->> 'outcome' AS outcome
