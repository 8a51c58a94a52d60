-- query: my_money_total
-- about: What is left today in one figure each, over all purses that may pay today.
-- row: allocated money, held money, spent money, free money, is_frozen bool
-- rows: one
SELECT coalesce(sum(allocated), 0)::bigint AS allocated, coalesce(sum(held), 0)::bigint AS held, coalesce(sum(spent), 0)::bigint AS spent,
       coalesce(sum(free), 0)::bigint AS free, coalesce(bool_or(budget_state = 'frozen'), false) AS is_frozen
  FROM payments.budget_position
 WHERE council_id = mc.council() AND person_id = mc.person() AND budget_state <> 'ended' AND ledger.today() BETWEEN starts_on AND ends_on
