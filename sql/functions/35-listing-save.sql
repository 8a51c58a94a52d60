-- A provider edits its own listing. What was asked for before keeps the terms that its order froze.

-- {listing, title, summary, price, status: published|paused}. The gate on regulated activity is a trigger; what it refuses is a fact in words here.
CREATE OR REPLACE FUNCTION catalogue.listing_save(p_key uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_prior jsonb;
  v_old   catalogue.listing;
BEGIN
  IF mc.role() IS DISTINCT FROM 'provider' THEN
    RAISE EXCEPTION 'Only the provider can change a service.' USING ERRCODE = 'MC403';
  END IF;
  v_prior := mc.idem_begin(p_key, 'listing_save', p_request);
  IF v_prior IS NOT NULL THEN
    RETURN v_prior;
  END IF;
  SELECT * INTO v_old FROM catalogue.listing WHERE ref = p_request ->> 'listing' AND organisation_id = mc.organisation() FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no such service.' USING ERRCODE = 'MC404';
  ELSIF v_old.status = 'closed' OR coalesce(p_request ->> 'status', '') NOT IN ('published', 'paused') THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'state', 'state', v_old.status));
  END IF;
  BEGIN
    UPDATE catalogue.listing
       SET title = p_request ->> 'title', summary = p_request ->> 'summary', price = (p_request ->> 'price')::bigint, status = p_request ->> 'status',
           published_at = coalesce(published_at, now()), updated_at = now()
     WHERE id = v_old.id;
  EXCEPTION WHEN SQLSTATE 'MC409' THEN
    RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'gate', 'sentence', SQLERRM));
  END;
  PERFORM mc.audit('listing_save', 'listing', v_old.ref, (p_request ->> 'price')::bigint, jsonb_build_object('status', p_request ->> 'status', 'price_before', v_old.price));
  RETURN mc.idem_end(p_key, jsonb_build_object('outcome', 'saved', 'ref', v_old.ref));
END $$;

REVOKE ALL ON FUNCTION catalogue.listing_save(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.listing_save(uuid, jsonb) TO mc_web;
