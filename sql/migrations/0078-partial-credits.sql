-- A credit note may take back part of a line, even part of a visit, and what was taken back can be billed again. visit.billed is what live invoice lines
-- bill of a visit, kept by the trigger below; that it never exceeds the visit's amount is the hard stop against billing anything twice.
ALTER TABLE payments.visit ADD COLUMN billed bigint NOT NULL DEFAULT 0;
ALTER TABLE payments.invoice_visit ADD COLUMN amount bigint, ADD COLUMN credited bigint NOT NULL DEFAULT 0;
DO $$
DECLARE
  v_council int;
BEGIN
  FOR v_council IN SELECT id FROM identity.council LOOP
    PERFORM set_config('mc.council', v_council::text, true);
    UPDATE payments.invoice_visit b SET amount = v.amount, credited = CASE WHEN b.credited_by IS NULL THEN 0 ELSE v.amount END
      FROM payments.visit v WHERE b.council_id = v_council AND v.council_id = b.council_id AND v.id = b.visit_id;
    UPDATE payments.visit v SET billed = v.amount
     WHERE v.council_id = v_council
       AND EXISTS (SELECT FROM payments.invoice_visit b WHERE b.council_id = v.council_id AND b.visit_id = v.id AND b.credited_by IS NULL);
  END LOOP;
  PERFORM set_config('mc.council', '', true);
END $$;
ALTER TABLE payments.invoice_visit ALTER amount SET NOT NULL, ADD CHECK (amount > 0), ADD CHECK (credited BETWEEN 0 AND amount);
ALTER TABLE payments.visit ADD CONSTRAINT visit_billed_once CHECK (billed BETWEEN 0 AND coalesce(amount, 0));
DROP INDEX payments.invoice_visit_once;
CREATE INDEX invoice_visit_visit ON payments.invoice_visit (council_id, visit_id);

-- A visit of which something is free again bears no invoice until that is billed.
CREATE FUNCTION payments.invoice_visit_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, payments AS $$
DECLARE
  v_more bigint := CASE TG_OP WHEN 'DELETE' THEN 0 ELSE NEW.amount - NEW.credited END - CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.amount - OLD.credited END;
BEGIN
  UPDATE payments.visit SET billed = billed + v_more, invoice_ref = CASE WHEN v_more < 0 THEN NULL ELSE invoice_ref END
   WHERE council_id = coalesce(NEW.council_id, OLD.council_id) AND id = coalesce(NEW.visit_id, OLD.visit_id) AND v_more <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER moves AFTER INSERT OR UPDATE OR DELETE ON payments.invoice_visit FOR EACH ROW EXECUTE FUNCTION payments.invoice_visit_moves();

-- These take one argument more from now on.
DROP FUNCTION IF EXISTS payments.line_free_visits(payments.invoice_line, bigint), payments.visit_quantity(payments.visit, payments.order_line);
