-- A bank line lies on the account of its statement: two references said only that there is such an account and such a statement, and each cost every line a look.
ALTER TABLE payments.statement ADD CONSTRAINT statement_of_account UNIQUE (council_id, id, bank_account_id);

-- Rows are seen a council at a time, also by what PostgreSQL does when a reference is added: so they are looked at here.
DO $$
DECLARE
  v_council int;
BEGIN
  FOR v_council IN SELECT id FROM identity.council LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    IF EXISTS (SELECT FROM payments.bank_entry e JOIN payments.statement s ON (s.council_id, s.id) = (e.council_id, e.statement_id) WHERE s.bank_account_id <> e.bank_account_id) THEN
      RAISE EXCEPTION 'Council % has a bank line on another account than its statement.', v_council;
    END IF;
  END LOOP;
  PERFORM set_config('mc.council', '0', true); -- nobody's
END $$;
ALTER TABLE payments.bank_entry DROP CONSTRAINT bank_entry_council_id_bank_account_id_fkey, DROP CONSTRAINT bank_entry_council_id_statement_id_fkey,
  ADD CONSTRAINT bank_entry_of_statement FOREIGN KEY (council_id, statement_id, bank_account_id) REFERENCES payments.statement (council_id, id, bank_account_id);
SELECT set_config('mc.council', '', true);
