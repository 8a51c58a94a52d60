-- What Eastmere's finance decided before the first invoice came: what may differ by rounding, and who may approve which runs.
SELECT pg_temp.act(1, 'finance', 'Ravi Patel');
SELECT pg_temp.at(-57, '09:40');
SELECT pg_temp.got(payments.tolerance_set(gen_random_uuid(), d || '{"reason": "Providers round each visit to the penny. Agreed with the auditor."}'), 'set')
  FROM (VALUES ('{"measure": "line", "absolute": "0.01", "percent": "1"}'::jsonb), ('{"measure": "document", "absolute": "0.05", "percent": "1"}')) AS t (d);
SELECT pg_temp.got(payments.approval_limit_set(gen_random_uuid(), jsonb_build_object('account', a.email, 'amount', 25000000, 'reason', 'Scheme of delegation, section 4')), 'set')
  FROM identity.account a WHERE a.name = 'Susan Oakes';
SELECT pg_temp.act(1, 'finance', 'Susan Oakes');
SELECT pg_temp.got(payments.approval_limit_set(gen_random_uuid(), jsonb_build_object('account', a.email, 'amount', 25000000, 'reason', 'Scheme of delegation, section 4')), 'set')
  FROM identity.account a WHERE a.name = 'Ravi Patel';
