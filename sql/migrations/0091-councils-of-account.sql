-- The councils in which an account has, or had, a hat: whoever looks for all hats of an account (identity.hats_of, at every signed-in request) looks there,
-- and not in each council of the installation in turn. A number alone: what the hat is stays behind the council's row-level security.
ALTER TABLE identity.account ADD COLUMN councils int[] NOT NULL DEFAULT '{}';

CREATE FUNCTION identity.note_council() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  UPDATE identity.account SET councils = councils || NEW.council_id WHERE id = NEW.account_id AND NEW.council_id <> ALL (councils);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION identity.note_council() FROM PUBLIC;
CREATE TRIGGER note_council AFTER INSERT OR UPDATE OF account_id ON identity.hat FOR EACH ROW EXECUTE FUNCTION identity.note_council();

-- Making the trigger has locked the hats against writers, so nothing slips in between.
DO $$
DECLARE
  v_council int;
BEGIN
  FOR v_council IN SELECT id FROM identity.council ORDER BY id LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    UPDATE identity.account SET councils = councils || v_council
     WHERE id IN (SELECT account_id FROM identity.hat WHERE council_id = v_council);
  END LOOP;
  PERFORM set_config('mc.council', '', true);
END $$;
