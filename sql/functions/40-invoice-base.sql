-- What the invoice, run and statement functions share: who may, exact amounts, the form in which invoice numbers are compared, mail.

-- Workers act in a hat; jobs act for nobody. Anything else is refused here, whatever the page thought.
CREATE OR REPLACE FUNCTION payments.require_role(VARIADIC p_roles text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, payments AS $$
BEGIN
  IF session_user = 'mc_jobs' OR mc.role() = ANY (p_roles) THEN
    RETURN;
  END IF;
  RAISE EXCEPTION 'This needs another role: %.', array_to_string(p_roles, ' or ') USING ERRCODE = 'MC403';
END $$;

-- "12.34" to 1234. More than two decimals is refused: nothing about money is rounded silently.
CREATE OR REPLACE FUNCTION payments.pence(p_amount text) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  IF p_amount !~ '^[+-]?([0-9]{1,13}([.][0-9]{0,2}0*)?|[.][0-9]{1,2}0*)$' THEN
    RAISE EXCEPTION 'The amount "%" is not in pounds and pence.', left(p_amount, 40) USING ERRCODE = 'MC422';
  END IF;
  RETURN (p_amount::numeric * 100)::bigint;
END $$;

-- 1234 to "12.34", as files and forms carry it.
CREATE OR REPLACE FUNCTION payments.decimal(p_pence bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (p_pence::numeric / 100)::numeric(20, 2)::text;

CREATE OR REPLACE FUNCTION payments.pence_words(p_pence numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN p_pence < 0 THEN '-' ELSE '' END || '£' ||
       CASE WHEN p_pence = trunc(p_pence) THEN to_char(abs(p_pence) / 100, 'FM999,999,999,990.00')
            ELSE rtrim(to_char(abs(p_pence) / 100, 'FM999,999,999,990.00999999'), '0') END;

CREATE OR REPLACE FUNCTION payments.day(p_day date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_char(p_day, 'FMDD FMMonth YYYY');

-- The same with the day of the week, for days that somebody waits for.
CREATE OR REPLACE FUNCTION payments.day_long(p_day date) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN to_char(p_day, 'FMDay FMDD FMMonth YYYY');

-- Two numbers that a person would take for the same one compare equal: case, punctuation and spaces, leading zeros, O and 0, I and 1.
-- Zeros go before I becomes 1, so that the zeros of "INV-007" still lead their digits.
CREATE OR REPLACE FUNCTION payments.invoice_number_normal(p_number text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
RETURN translate(
         regexp_replace(
           translate(regexp_replace(upper(public.unaccent('public.unaccent', normalize(p_number, NFKC))), '[^A-Z0-9]', '', 'g'), 'O', '0'),
           '(^|[A-Z])0+(?=[0-9])', '\1', 'g'),
         'I', '1');

CREATE OR REPLACE FUNCTION payments.organisation_letter(p_organisation bigint, p_subject text, p_body text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN jsonb_build_object('to_organisation', p_organisation, 'subject', p_subject, 'body', p_body);

CREATE OR REPLACE FUNCTION payments.mail_organisation(p_organisation bigint, p_subject text, p_body text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, payments AS $$
  SELECT mc.outbox('mail', payments.organisation_letter(p_organisation, p_subject, p_body))
$$;
