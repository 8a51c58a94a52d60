-- What is left, a row a portion: free = allocated - held - spent. The only place where it is worked out; every page, order and report reads it here.
-- spent is what left the ledger account and did not come back; held is its pending sum.
CREATE OR REPLACE VIEW payments.budget_position WITH (security_invoker = true) AS
SELECT b.council_id, b.person_id, b.id AS budget_id, b.ref AS budget_ref, b.state AS budget_state,
       l.id AS funding_line_id, l.ref AS funding_line_ref, l.funder, l.kind, l.council_funded, l.starts_on, l.ends_on, l.use_order,
       p.id AS portion_id, p.ref AS portion_ref, p.ledger_account_id,
       t.allocated, a.dr_pending AS held, t.allocated - (a.cr_posted - a.dr_posted) AS spent,
       a.cr_posted - a.dr_posted - a.dr_pending AS free, a.frozen
  FROM payments.budget b
  JOIN payments.funding_line l ON l.council_id = b.council_id AND l.budget_id = b.id
  JOIN payments.portion p ON p.council_id = l.council_id AND p.funding_line_id = l.id
  JOIN ledger.account a ON a.council_id = p.council_id AND a.id = p.ledger_account_id
 -- LEFT, so that whoever does not ask for it does not pay for it: an order reads this at every asking.
  LEFT JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS allocated FROM payments.allocation
                      WHERE council_id = p.council_id AND portion_id = p.id) AS t ON true;
GRANT SELECT ON payments.budget_position TO mc_web, mc_jobs, mc_verify;
