-- Requests may share a transaction (daemon/db): whoever comes second finds nothing of whoever came first.
BEGIN;
\ir fixture.psql
SELECT plan(8);
INSERT INTO identity.session (token_sha256, account_id, council_id, hat_id, expires_at)
SELECT sha256(name::bytea), account, council, hat, now() + interval '1 day' FROM public.t_hat;

CREATE FUNCTION pg_temp.context() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', nullif(current_setting('mc.council', true), ''), (SELECT name FROM public.t_hat WHERE account::text = current_setting('mc.account', true)), nullif(current_setting('mc.role', true), ''),
    (SELECT name FROM public.t_thing WHERE id::text = current_setting('mc.person', true) AND ref LIKE 'TPER%'), (SELECT name FROM public.t_thing WHERE id::text = current_setting('mc.mandate', true) AND ref LIKE 'TMAN%'),
    (SELECT name FROM public.t_thing WHERE id::text = current_setting('mc.organisation', true) AND ref LIKE 'TORG%'), nullif(current_setting('mc.list', true), ''))
$$;
CREATE FUNCTION pg_temp.enter(p_who text, p_roles text[], p_for text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT role FROM identity.enter(sha256(p_who::bytea), p_roles, p_for, p_for IS NOT NULL)
$$;
SELECT identity.leave() \g /dev/null
SELECT is(pg_temp.context(), '', 'nobody is asking');
SELECT pg_temp.enter('broker', '{broker}', 'TPER-0002'), set_config('mc.list', 'whole', true) \g /dev/null
SELECT is(pg_temp.context(), '901 broker broker amir m_broker harbour whole', 'a broker acts for Amir and takes a whole list along');
SELECT pg_temp.enter('rosa', '{holder}') \g /dev/null
SELECT is(pg_temp.context(), '901 rosa holder rosa', 'Rosa, who comes next, is for herself');
SELECT pg_temp.enter('olu', '{holder}') \g /dev/null
SELECT is(pg_temp.context(), '902 olu holder olu', 'somebody of another council is there');
SELECT pg_temp.enter('commissioner', '{commissioner}') \g /dev/null
SELECT is(pg_temp.context(), '901 commissioner commissioner', 'an officer is for nobody');
SELECT is(identity.enter(NULL, '{none}', NULL, false)::text, '(none,,,,,,,,f,0,f)', 'a visitor comes');
SELECT is(pg_temp.context(), '', 'and is nobody');
SELECT pg_temp.enter('olu', '{holder}') \g /dev/null
SELECT throws_ok($$SELECT pg_temp.enter('stranger', '{holder}')$$, 'MC401', NULL, 'whoever has no session is refused, and with it all that shares the transaction');
SELECT * FROM finish();
ROLLBACK;
