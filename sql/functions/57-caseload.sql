-- Whom somebody acts for, and that they looked: what the caseload board (sql/views/57-caseload.sql) stands on.

-- The mandates of the asking account, or of its broker organisation, that hold today.
CREATE OR REPLACE FUNCTION identity.mandates_held() RETURNS SETOF identity.mandate LANGUAGE sql STABLE AS $$
  SELECT m.* FROM identity.mandate m
   WHERE m.council_id = mc.council() AND mc.role() IN ('supporter', 'broker')
     AND (m.account_id = mc.account() OR (mc.role() = 'broker' AND m.organisation_id = mc.organisation()))
     AND m.revoked_at IS NULL AND m.starts_on <= ledger.today() AND coalesce(m.ends_on, 'infinity') >= ledger.today()
$$;

-- A helper was shown something of somebody's record on the board: the person sees them among those who looked, one row a day. Whether it is the first today.
CREATE OR REPLACE FUNCTION audit.look_under(p_mandate bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO audit.look (council_id, person_id, account_id, hat_id, mandate_id)
  SELECT h.council_id, h.person_id, mc.account(), mc.hat(), h.id FROM identity.mandates_held() h WHERE h.id = p_mandate
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION identity.mandates_held(), audit.look_under(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.mandates_held(), audit.look_under(bigint) TO mc_web;
