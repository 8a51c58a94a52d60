-- Whether sort code and account number passed the check of their digits when they were entered: where the operator has loaded no table, nothing was checked.
ALTER TABLE payments.provider_account ADD COLUMN account_check text NOT NULL DEFAULT 'unchecked' CHECK (account_check IN ('unchecked', 'passed'));
