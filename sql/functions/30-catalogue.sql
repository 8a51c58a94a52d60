-- Places, slugs, prices: what the other functions of the catalogue stand on.

-- Functions come after migrations, so the defaults are set here.
ALTER TABLE catalogue.listing ALTER COLUMN ref SET DEFAULT mc.new_ref();
ALTER TABLE catalogue.entry ALTER COLUMN ref SET DEFAULT mc.new_ref();
ALTER TABLE catalogue.event ALTER COLUMN ref SET DEFAULT mc.new_ref();

-- "m332ds " -> "M33 2DS"; NULL when it is not a full postcode of the United Kingdom.
CREATE OR REPLACE FUNCTION catalogue.postcode_read(p_typed text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  v_code text := upper(regexp_replace(p_typed, '\s', '', 'g'));
BEGIN
  RETURN CASE WHEN v_code ~ '^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$' THEN left(v_code, -3) || ' ' || right(v_code, 3) END;
END $$;

-- Where a postcode is: itself when known, else the middle of the known ones of its district (is_rough). No row when neither is known.
CREATE OR REPLACE FUNCTION catalogue.locate(p_postcode text, OUT lat double precision, OUT lon double precision, OUT is_rough boolean)
RETURNS SETOF record LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
  SELECT p.lat, p.lon, false FROM catalogue.postcode p WHERE p.postcode = p_postcode
  UNION ALL
  SELECT avg(p.lat), avg(p.lon), true FROM catalogue.postcode p
   WHERE p.outward = split_part(p_postcode, ' ', 1) AND NOT EXISTS (SELECT FROM catalogue.postcode WHERE postcode = p_postcode)
  HAVING count(*) > 0
$$;

-- The readable tail of an address. Pages and links both take it from here, so that every page has one address.
CREATE OR REPLACE FUNCTION catalogue.slug(p_title text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(nullif(btrim(left(btrim(regexp_replace(replace(lower(public.unaccent(p_title)), '''', ''), '[^a-z0-9]+', '-', 'g'), '-'), 60), '-'), ''), 'page')
$$;

CREATE OR REPLACE FUNCTION catalogue.place_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, catalogue AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.postcode IS DISTINCT FROM OLD.postcode AND NEW.lat IS NOT DISTINCT FROM OLD.lat AND NEW.lon IS NOT DISTINCT FROM OLD.lon THEN
    NEW.lat := NULL;      -- it moved, and nobody said where to: look again
    NEW.lon := NULL;
  END IF;
  IF NEW.lat IS NULL OR NEW.lon IS NULL THEN
    SELECT l.lat, l.lon, coalesce(l.is_rough, false) INTO NEW.lat, NEW.lon, NEW.is_rough
      FROM (SELECT 1) one LEFT JOIN catalogue.locate(NEW.postcode) l ON true;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER place BEFORE INSERT OR UPDATE OF postcode, lat, lon ON catalogue.listing FOR EACH ROW EXECUTE FUNCTION catalogue.place_row();
CREATE OR REPLACE TRIGGER place BEFORE INSERT OR UPDATE OF postcode, lat, lon ON catalogue.entry FOR EACH ROW EXECUTE FUNCTION catalogue.place_row();
CREATE OR REPLACE TRIGGER place BEFORE INSERT OR UPDATE OF postcode, lat, lon ON catalogue.event FOR EACH ROW EXECUTE FUNCTION catalogue.place_row();

-- The gate on regulated activity (domain.md, catalogue rule 7).
CREATE OR REPLACE FUNCTION catalogue.listing_gate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, catalogue AS $$
BEGIN
  IF NEW.status = 'published' AND NEW.cqc_id IS NULL AND NEW.cqc_exemption IS NULL
     AND EXISTS (SELECT FROM catalogue.category WHERE slug = NEW.category AND is_regulated) THEN
    RAISE EXCEPTION 'Personal care can be published only with a Care Quality Commission number or the reason why none is needed.' USING ERRCODE = 'MC409';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER gate BEFORE INSERT OR UPDATE ON catalogue.listing FOR EACH ROW EXECUTE FUNCTION catalogue.listing_gate();

-- ---------------------------------------------------------------- prices
-- The one rule of who sees an agreed price: people who decide about a person with money of this council, and the council's own officers. Everyone else
-- (visitors, self-funders, providers looking at others, people of other councils) gets NULL here and the public price everywhere.
CREATE OR REPLACE FUNCTION catalogue.viewer_council() RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_council   int := nullif(current_setting('mc.council', true), '')::int;
  v_is_funded boolean := true;
BEGIN
  IF v_council IS NULL OR mc.role() IS NULL THEN
    RETURN NULL;
  ELSIF mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding', 'moderator') THEN
    RETURN v_council;
  ELSIF mc.role() IN ('holder', 'supporter', 'broker') AND mc.person() IS NOT NULL THEN
    -- Asked by name: the catalogue stands below the payments room and must work without it.
    IF to_regprocedure('payments.person_has_council_funding(bigint)') IS NOT NULL THEN
      EXECUTE 'SELECT payments.person_has_council_funding($1)' INTO v_is_funded USING mc.person();
    END IF;
    RETURN CASE WHEN v_is_funded THEN v_council END;
  END IF;
  RETURN NULL;
END $$;

-- The price of a listing for a council's money on a day; the public price when p_council is NULL or has none agreed.
-- Row-level security answers for the council of the transaction only, so another council's number gives the public price.
CREATE OR REPLACE FUNCTION catalogue.price_for(p_listing_ref text, p_council int, p_on date)
RETURNS TABLE (listing_id bigint, organisation_id bigint, organisation_name text, title text, unit text, price bigint, source text,
               minimum_minutes int, notice_hours int)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog, catalogue AS $$
#variable_conflict use_column
DECLARE
  v_agreed bigint;
BEGIN
  SELECT l.id, l.organisation_id, o.name, l.title, l.unit, l.price, l.minimum_minutes, l.notice_hours
    INTO listing_id, organisation_id, organisation_name, title, unit, price, minimum_minutes, notice_hours
    FROM catalogue.listing l JOIN identity.organisation o ON o.id = l.organisation_id
   WHERE l.ref = p_listing_ref AND l.status = 'published';
  IF listing_id IS NULL THEN
    RETURN;
  END IF;
  IF p_council IS NOT NULL AND p_council = nullif(current_setting('mc.council', true), '')::int THEN
    v_agreed := (SELECT a.price FROM catalogue.agreed_price a
                  WHERE a.council_id = p_council AND a.listing_id = price_for.listing_id AND p_on >= a.valid_from AND (a.valid_to IS NULL OR p_on <= a.valid_to));
  END IF;
  source := CASE WHEN v_agreed IS NULL THEN 'public' ELSE 'agreed' END;
  price := coalesce(v_agreed, price);
  RETURN NEXT;
END $$;

-- The agreed price that the viewer may see for a listing today, or NULL. A provider sees what it agreed itself with the council that it acts in.
CREATE OR REPLACE FUNCTION catalogue.viewer_price(p_listing bigint, p_organisation bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, catalogue AS $$
DECLARE
  v_council int := catalogue.viewer_council();
BEGIN
  IF v_council IS NULL AND mc.role() = 'provider' AND mc.organisation() = p_organisation THEN
    v_council := nullif(current_setting('mc.council', true), '')::int;
  END IF;
  IF v_council IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT a.price FROM catalogue.agreed_price a
           WHERE a.council_id = v_council AND a.listing_id = p_listing
             AND mc.today() >= a.valid_from AND (a.valid_to IS NULL OR mc.today() <= a.valid_to));
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA catalogue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue.postcode_read(text), catalogue.locate(text), catalogue.slug(text), catalogue.east(double precision),
  catalogue.north(double precision), catalogue.viewer_council(), catalogue.viewer_price(bigint, bigint) TO mc_web, mc_jobs;
GRANT EXECUTE ON FUNCTION catalogue.price_for(text, int, date) TO mc_web, mc_jobs;
