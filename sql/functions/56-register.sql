-- What an operator registers from lists (`marketcross register`): councils, their bank accounts, organisations, people, who has which role, outcomes, agreed prices.
-- A list sent again changes nothing; a row that says something else than before changes what it names. For the owner's role only.

-- A cell without the spaces around it; an empty one is NULL and, unless p_optional, refused.
CREATE OR REPLACE FUNCTION identity.cell(p_row jsonb, p_column text, p_optional boolean DEFAULT false) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_cell text := nullif(btrim(p_row ->> p_column), '');
BEGIN
  IF v_cell IS NULL AND NOT p_optional THEN
    RAISE EXCEPTION 'fill in the column %', p_column USING ERRCODE = 'MC422';
  END IF;
  RETURN v_cell;
END $$;

-- A cell of a certain look; p_like says in words what it should look like.
CREATE OR REPLACE FUNCTION identity.cell_like(p_row jsonb, p_column text, p_pattern text, p_like text, p_optional boolean DEFAULT false) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_cell text := identity.cell(p_row, p_column, p_optional);
BEGIN
  IF v_cell !~ p_pattern THEN
    RAISE EXCEPTION 'the column % must hold %, not "%"', p_column, p_like, left(v_cell, 60) USING ERRCODE = 'MC422';
  END IF;
  RETURN v_cell;
END $$;

-- It stands in the head of letters, so nothing may be in it that ends a line or the address.
CREATE OR REPLACE FUNCTION identity.cell_email(p_row jsonb, p_optional boolean DEFAULT false) RETURNS text LANGUAGE sql IMMUTABLE
RETURN identity.cell_like(p_row, 'email', '^[^@<>[:space:][:cntrl:]]+@[^@<>[:space:][:cntrl:]]+$', 'an e-mail address', p_optional);

CREATE OR REPLACE FUNCTION identity.cell_day(p_row jsonb, p_column text, p_optional boolean DEFAULT false) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_cell text := identity.cell_like(p_row, p_column, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 'a day like 2027-04-01', p_optional);
BEGIN
  RETURN make_date(left(v_cell, 4)::int, substr(v_cell, 6, 2)::int, right(v_cell, 2)::int);
EXCEPTION WHEN datetime_field_overflow THEN
  RAISE EXCEPTION 'the column % holds no day that exists: "%"', p_column, v_cell USING ERRCODE = 'MC422';
END $$;

-- The council that a row names; what follows is done in it.
CREATE OR REPLACE FUNCTION identity.register_council_of(p_row jsonb) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council int := (SELECT id FROM identity.council WHERE slug = identity.cell(p_row, 'council'));
  v_set     text;
BEGIN
  IF v_council IS NULL THEN
    RAISE EXCEPTION 'there is no council "%": register it first', p_row ->> 'council' USING ERRCODE = 'MC422';
  END IF;
  v_set := jobs.enter(v_council, NULL) || set_config('mc.role', 'operator', true);
  RETURN v_council;
END $$;

CREATE OR REPLACE FUNCTION identity.register_person_of(p_row jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_person bigint := (SELECT id FROM identity.person WHERE council_id = mc.council() AND case_ref = identity.cell(p_row, 'person'));
BEGIN
  IF v_person IS NULL THEN
    RAISE EXCEPTION 'there is no person with the case reference "%": register people first', p_row ->> 'person' USING ERRCODE = 'MC422';
  END IF;
  RETURN v_person;
END $$;

CREATE OR REPLACE FUNCTION identity.register_organisation_of(p_row jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_ids bigint[] := ARRAY(SELECT id FROM identity.organisation WHERE ended_at IS NULL AND (lower(name) = lower(identity.cell(p_row, 'organisation')) OR ref = p_row ->> 'organisation'));
BEGIN
  IF cardinality(v_ids) <> 1 THEN
    RAISE EXCEPTION '% organisations are called "%": register it first, or give its reference', cardinality(v_ids), p_row ->> 'organisation' USING ERRCODE = 'MC422';
  END IF;
  RETURN v_ids[1];
END $$;

-- ---------------------------------------------------------------- one row of each kind: true when it is new, false when it changed something, NULL when neither

-- slug, name, phone, email
CREATE OR REPLACE FUNCTION identity.register_councils(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_new boolean;
BEGIN
  INSERT INTO identity.council AS c (id, slug, name, phone, email)
  SELECT coalesce(max(x.id), 0) + 1, identity.cell_like(p_row, 'slug', '^[a-z][a-z0-9-]{1,40}$', 'small letters, digits and hyphens'), identity.cell(p_row, 'name'),
         identity.cell(p_row, 'phone'), identity.cell_email(p_row) FROM identity.council x
  ON CONFLICT (slug) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email
   WHERE (c.name, c.phone, c.email) IS DISTINCT FROM (excluded.name, excluded.phone, excluded.email)
  RETURNING xmax = 0 INTO v_new;
  PERFORM identity.register_council_of(jsonb_build_object('council', p_row ->> 'slug'));
  RETURN v_new;
END $$;

-- council, name, sort_code, account_number, iban?, client_money? (yes or no; what it is cannot change)
CREATE OR REPLACE FUNCTION identity.register_bank_accounts(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council int := identity.register_council_of(p_row);
  v_new     boolean;
BEGIN
  INSERT INTO payments.bank_account AS b (council_id, ref, name, sort_code, account_number, iban, is_client_money)
  VALUES (v_council, mc.new_ref(), identity.cell(p_row, 'name'),
          regexp_replace(identity.cell_like(p_row, 'sort_code', '^[0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2}$', 'a sort code like 60-00-00'), '[^0-9]', '', 'g'),
          identity.cell_like(p_row, 'account_number', '^[0-9]{8}$', 'eight digits'),
          upper(replace(identity.cell_like(p_row, 'iban', '^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,40}$', 'an IBAN', true), ' ', '')),
          coalesce(identity.cell_like(p_row, 'client_money', '^(yes|no)$', 'yes or no', true), 'no') = 'yes')
  ON CONFLICT (council_id, sort_code, account_number) DO UPDATE SET name = excluded.name, iban = coalesce(excluded.iban, b.iban)
   WHERE (b.name, b.iban) IS DISTINCT FROM (excluded.name, coalesce(excluded.iban, b.iban))
  RETURNING xmax = 0 INTO v_new;
  RETURN v_new;
END $$;

-- name, kind, summary?, phone?, email?, area?: found again by name and kind
CREATE OR REPLACE FUNCTION identity.register_organisations(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_kind text := identity.cell_like(p_row, 'kind', '^(agency|charity|in_house|micro|group|broker)$', 'agency, charity, in_house, micro, group or broker');
  v_name text := identity.cell(p_row, 'name');
  v_id   bigint := (SELECT min(id) FROM identity.organisation WHERE lower(name) = lower(v_name) AND kind = v_kind AND ended_at IS NULL);
  v_new  boolean := v_id IS NULL;
  v_said int;
BEGIN
  IF v_new THEN
    INSERT INTO identity.organisation (ref, name, kind) VALUES (mc.new_ref(), v_name, v_kind) RETURNING id INTO v_id;
  END IF;
  INSERT INTO catalogue.storefront AS s (organisation_id, summary, phone, email, area)
  VALUES (v_id, coalesce(identity.cell(p_row, 'summary', true), ''), identity.cell(p_row, 'phone', true),
          identity.cell_email(p_row, true), identity.cell(p_row, 'area', true))
  ON CONFLICT (organisation_id) DO UPDATE SET summary = coalesce(nullif(excluded.summary, ''), s.summary), phone = coalesce(excluded.phone, s.phone),
                                              email = coalesce(excluded.email, s.email), area = coalesce(excluded.area, s.area), updated_at = now()
   WHERE (s.summary, s.phone, s.email, s.area) IS DISTINCT FROM (coalesce(nullif(excluded.summary, ''), s.summary), coalesce(excluded.phone, s.phone),
                                                                 coalesce(excluded.email, s.email), coalesce(excluded.area, s.area));
  GET DIAGNOSTICS v_said = ROW_COUNT;
  RETURN CASE WHEN v_new THEN true WHEN v_said > 0 THEN false END;
END $$;

-- council, case_ref, name, postcode?, needs?
CREATE OR REPLACE FUNCTION identity.register_people(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council int := identity.register_council_of(p_row);
  v_new     boolean;
BEGIN
  INSERT INTO identity.person AS p (council_id, ref, case_ref, name, postcode, needs)
  VALUES (v_council, mc.new_ref(), identity.cell_like(p_row, 'case_ref', '^.{1,40}$', 'at most 40 characters'), identity.cell(p_row, 'name'),
          upper(identity.cell_like(p_row, 'postcode', '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$', 'a full postcode', true)), identity.cell(p_row, 'needs', true))
  ON CONFLICT (council_id, case_ref) DO UPDATE SET name = excluded.name, postcode = excluded.postcode, needs = excluded.needs
   WHERE (p.name, p.postcode, p.needs) IS DISTINCT FROM (excluded.name, excluded.postcode, excluded.needs)
  RETURNING xmax = 0 INTO v_new;
  RETURN v_new;
END $$;

-- council, role, email, name, organisation? (of a provider, group or broker), person? (case reference, of a holder or self_funder), ended? (yes: from now on)
CREATE OR REPLACE FUNCTION identity.register_roles(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council      int := identity.register_council_of(p_row);
  v_role         text := identity.cell_like(p_row, 'role', '^(holder|supporter|broker|self_funder|provider|group|commissioner|finance|auditor|safeguarding|moderator|operator)$',
                           'holder, supporter, broker, self_funder, provider, group, commissioner, finance, auditor, safeguarding, moderator or operator');
  v_email        text := identity.cell_email(p_row);
  v_person       bigint := CASE WHEN v_role IN ('holder', 'self_funder') THEN identity.register_person_of(p_row) END;
  v_organisation bigint := CASE WHEN v_role IN ('provider', 'group', 'broker') THEN identity.register_organisation_of(p_row) END;
  v_ended        boolean := coalesce(identity.cell_like(p_row, 'ended', '^(yes|no)$', 'yes or no', true), 'no') = 'yes';
  v_account      bigint;
BEGIN
  IF v_ended THEN
    UPDATE identity.hat h SET ended_at = now() FROM identity.account a
     WHERE h.council_id = v_council AND h.account_id = a.id AND lower(a.email) = lower(v_email) AND h.role = v_role AND h.ended_at IS NULL
       AND (h.person_id, h.organisation_id) IS NOT DISTINCT FROM (v_person, v_organisation);
    RETURN CASE WHEN FOUND THEN false END;
  END IF;
  INSERT INTO identity.account (email, name) VALUES (v_email, identity.cell(p_row, 'name')) ON CONFLICT (lower(email)) DO NOTHING;
  SELECT id INTO STRICT v_account FROM identity.account WHERE lower(email) = lower(v_email);
  INSERT INTO identity.hat (council_id, account_id, role, person_id, organisation_id)
  SELECT v_council, v_account, v_role, v_person, v_organisation
   WHERE NOT EXISTS (SELECT FROM identity.hat h WHERE h.council_id = v_council AND h.account_id = v_account AND h.role = v_role AND h.ended_at IS NULL
                        AND (h.person_id, h.organisation_id) IS NOT DISTINCT FROM (v_person, v_organisation));
  RETURN CASE WHEN FOUND THEN true END;
END $$;

-- council, person (case reference), title, agreed_on, ended_on?
CREATE OR REPLACE FUNCTION identity.register_outcomes(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council int := identity.register_council_of(p_row);
  v_person  bigint := identity.register_person_of(p_row);
  v_title   text := identity.cell(p_row, 'title');
  v_agreed  date := identity.cell_day(p_row, 'agreed_on');
  v_ended   date := identity.cell_day(p_row, 'ended_on', true);
  v_known   payments.outcome;
BEGIN
  SELECT * INTO v_known FROM payments.outcome WHERE council_id = v_council AND person_id = v_person AND title = v_title ORDER BY id LIMIT 1;
  IF NOT FOUND THEN
    INSERT INTO payments.outcome (council_id, ref, person_id, title, agreed_on, ended_on) VALUES (v_council, mc.new_ref(), v_person, v_title, v_agreed, v_ended);
    RETURN true;
  ELSIF (v_known.agreed_on, v_known.ended_on) IS DISTINCT FROM (v_agreed, v_ended) THEN
    UPDATE payments.outcome SET agreed_on = v_agreed, ended_on = v_ended WHERE council_id = v_council AND id = v_known.id;
    RETURN false;
  END IF;
  RETURN NULL;
END $$;

-- council, listing (reference), price (pounds), valid_from, valid_to?: the price before ends the day before; a price that has held is never another
CREATE OR REPLACE FUNCTION identity.register_agreed_prices(p_row jsonb) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_council int := identity.register_council_of(p_row);
  v_listing bigint := (SELECT id FROM catalogue.listing WHERE ref = identity.cell(p_row, 'listing'));
  v_price   bigint := payments.pence(identity.cell(p_row, 'price'));
  v_from    date := identity.cell_day(p_row, 'valid_from');
  v_to      date := identity.cell_day(p_row, 'valid_to', true);
  v_known   catalogue.agreed_price;
BEGIN
  IF v_listing IS NULL THEN
    RAISE EXCEPTION 'there is no listing "%"', p_row ->> 'listing' USING ERRCODE = 'MC422';
  END IF;
  SELECT * INTO v_known FROM catalogue.agreed_price WHERE council_id = v_council AND listing_id = v_listing AND valid_from = v_from;
  IF FOUND THEN
    IF v_known.price <> v_price THEN
      RAISE EXCEPTION 'another price is agreed from %: give the new one a later day', v_from USING ERRCODE = 'MC422';
    ELSIF v_known.valid_to IS NOT DISTINCT FROM v_to THEN
      RETURN NULL;
    END IF;
    UPDATE catalogue.agreed_price SET valid_to = v_to WHERE council_id = v_council AND id = v_known.id;
    RETURN false;
  END IF;
  UPDATE catalogue.agreed_price SET valid_to = v_from - 1
   WHERE council_id = v_council AND listing_id = v_listing AND valid_from < v_from AND coalesce(valid_to, 'infinity') >= v_from;
  INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from, valid_to) VALUES (v_council, v_listing, v_price, v_from, v_to);
  RETURN true;
END $$;

-- All rows of a list or none: [{"line": n, COLUMN: cell, …}]. Each that added or changed something is in the audit log of its council.
CREATE OR REPLACE FUNCTION identity.register(p_kind text, p_rows jsonb, OUT added int, OUT changed int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  v_row jsonb;
  v_new boolean;
BEGIN
  added := 0;
  changed := 0;
  FOR v_row IN SELECT * FROM jsonb_array_elements(p_rows) LOOP
    v_new := CASE p_kind WHEN 'councils' THEN identity.register_councils(v_row) WHEN 'bank-accounts' THEN identity.register_bank_accounts(v_row)
                         WHEN 'organisations' THEN identity.register_organisations(v_row) WHEN 'people' THEN identity.register_people(v_row)
                         WHEN 'roles' THEN identity.register_roles(v_row) WHEN 'outcomes' THEN identity.register_outcomes(v_row)
                         WHEN 'agreed-prices' THEN identity.register_agreed_prices(v_row) END;
    IF v_new IS NOT NULL AND p_kind <> 'organisations' THEN           -- which belong to no council
      PERFORM mc.audit('registered', replace(p_kind, '-', '_'), coalesce(v_row ->> 'slug', v_row ->> 'case_ref', v_row ->> 'account_number', v_row ->> 'listing',
                                                                         nullif(v_row ->> 'person', ''), v_row ->> 'role', ''), NULL, jsonb_build_object('added', v_new));
    END IF;
    added := added + coalesce(v_new, false)::int;
    changed := changed + coalesce(NOT v_new, false)::int;
  END LOOP;
EXCEPTION WHEN SQLSTATE 'MC422' OR check_violation OR exclusion_violation THEN
  RAISE EXCEPTION 'line %: %', v_row ->> 'line', SQLERRM USING ERRCODE = 'MC422';
END $$;

REVOKE ALL ON FUNCTION identity.cell(jsonb, text, boolean), identity.cell_like(jsonb, text, text, text, boolean), identity.cell_email(jsonb, boolean),
  identity.cell_day(jsonb, text, boolean),
  identity.register_council_of(jsonb), identity.register_person_of(jsonb), identity.register_organisation_of(jsonb), identity.register_councils(jsonb),
  identity.register_bank_accounts(jsonb), identity.register_organisations(jsonb), identity.register_people(jsonb), identity.register_roles(jsonb),
  identity.register_outcomes(jsonb), identity.register_agreed_prices(jsonb), identity.register(text, jsonb) FROM PUBLIC;
