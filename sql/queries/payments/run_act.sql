-- query: run_act
-- about: One step of a payment run: freeze, approve, emit, acknowledge or withdraw. Outcomes: frozen, approved, emitted, acknowledged, withdrawn;
--   same_person or held with a sentence; state when it is too late.
-- lane: slow
-- writes: yes
-- params: key uuid, act text, run text
-- row: outcome text null, ref text null, state text null, sentence text null
-- rows: one
SELECT r->>'outcome' AS outcome, r->>'ref' AS ref, r->>'state' AS state, r->>'sentence' AS sentence
  FROM (SELECT CASE $2::text WHEN 'freeze' THEN payments.run_freeze($1::uuid, q) WHEN 'approve' THEN payments.run_approve($1::uuid, q)
                       WHEN 'emit' THEN payments.run_emit($1::uuid, q) WHEN 'acknowledge' THEN payments.run_acknowledge($1::uuid, q)
                       WHEN 'withdraw' THEN payments.run_withdraw($1::uuid, q) END AS r
          FROM (SELECT jsonb_build_object('run', $3::text) AS q) x) y
