-- What waits to be sealed stands in a queue of its own, so that sealing costs what is new and not what the log has grown to. Events and journals commit in
-- another order than their numbers are drawn, so no number says "all before me are sealed"; a row of the queue becomes visible with what it stands for.

CREATE TABLE audit.unsealed (
  council_id  int NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('event', 'journal')),
  id          bigint NOT NULL,
  PRIMARY KEY (council_id, kind, id)
-- Short and always changing: cleaned by what passed through it, not by a share of its size.
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CALL mc.tenant_table('audit.unsealed');

CREATE FUNCTION audit.queue_unsealed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO audit.unsealed (council_id, kind, id) SELECT council_id, TG_ARGV[0], id FROM added;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit.queue_unsealed() FROM PUBLIC;
CREATE TRIGGER queue_unsealed AFTER INSERT ON audit.event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit.queue_unsealed('event');
CREATE TRIGGER queue_unsealed AFTER INSERT ON ledger.journal REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit.queue_unsealed('journal');

-- Making the triggers has locked both tables against writers, so nothing slips in between.
DO $$
DECLARE
  v_council int;
BEGIN
  FOR v_council IN SELECT id FROM identity.council LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    INSERT INTO audit.unsealed
    SELECT e.council_id, 'event', e.id FROM audit.event e
     WHERE e.council_id = v_council AND NOT EXISTS (SELECT FROM audit.sealed_event x WHERE (x.council_id, x.event_id) = (e.council_id, e.id))
    UNION ALL
    SELECT j.council_id, 'journal', j.id FROM ledger.journal j
     WHERE j.council_id = v_council AND NOT EXISTS (SELECT FROM audit.sealed_journal x WHERE (x.council_id, x.journal_id) = (j.council_id, j.id));
  END LOOP;
  PERFORM set_config('mc.council', '', true);
END $$;
