-- query: officer_home
-- about: The numbers that matter to an officer today.
-- row: waiting_money money, waiting_invoices int, questions int, oldest_question_days int null, disputed int, overdue int, overdue_money money, runs_to_approve int, runs_to_send int, details_to_verify int, tolerances_to_agree int,
--   open_entries int, held_statements int, on_its_way money, credit_with_providers money
-- rows: one

-- Of the invoices that ask for nothing any more, none counts: they are as many as the council ever paid (index invoice_unsettled).
SELECT coalesce(sum(i.approved - i.scheduled - i.paid) FILTER (WHERE i.kind <> 'credit_note'), 0)::bigint AS waiting_money,
       count(*) FILTER (WHERE i.kind <> 'credit_note' AND i.approved > i.scheduled + i.paid)::int AS waiting_invoices,
       (SELECT count(*)::int FROM payments.exception e WHERE e.council_id = mc.council() AND e.state = 'open') AS questions,
       (SELECT (ledger.today() - min((e.opened_at AT TIME ZONE 'Europe/London')::date))::int FROM payments.exception e WHERE e.council_id = mc.council() AND e.state = 'open') AS oldest_question_days,
       count(*) FILTER (WHERE i.state = 'disputed')::int AS disputed,
       count(*) FILTER (WHERE i.kind <> 'credit_note' AND i.state IN ('approved', 'in_run', 'exception', 'checked') AND i.due_on < ledger.today())::int AS overdue,
       coalesce(sum(i.gross - i.paid) FILTER (WHERE i.kind <> 'credit_note' AND i.state IN ('approved', 'in_run', 'exception', 'checked') AND i.due_on < ledger.today()), 0)::bigint AS overdue_money,
       (SELECT count(*)::int FROM payments.run r WHERE r.council_id = mc.council() AND r.state = 'frozen' AND mc.account() NOT IN (r.assembled_by, r.frozen_by)) AS runs_to_approve,
       (SELECT count(*)::int FROM payments.run r WHERE r.council_id = mc.council() AND r.state = 'approved' AND mc.account() <> r.approved_by) AS runs_to_send,
       (SELECT count(*)::int FROM payments.provider_account a WHERE a.council_id = mc.council() AND a.state = 'entered' AND a.entered_by <> mc.account()) AS details_to_verify,
       (SELECT count(*)::int FROM payments.tolerance t WHERE t.council_id = mc.council() AND t.is_wider AND t.set_by <> mc.account()
           AND NOT EXISTS (SELECT FROM payments.tolerance_decision d WHERE d.council_id = t.council_id AND d.tolerance_id = t.id)) AS tolerances_to_agree,
       (SELECT count(*)::int FROM payments.bank_entry e WHERE e.council_id = mc.council() AND e.allocated <> e.amount) AS open_entries,
       (SELECT count(*)::int FROM payments.statement s WHERE s.council_id = mc.council() AND s.state = 'held') AS held_statements,
       (SELECT coalesce(sum(p.amount), 0)::bigint FROM payments.payment p WHERE p.council_id = mc.council() AND p.state = 'emitted') AS on_its_way,
       coalesce(sum(i.approved - i.scheduled - i.paid) FILTER (WHERE i.kind = 'credit_note'), 0)::bigint AS credit_with_providers
  FROM payments.invoice i
 WHERE i.council_id = mc.council() AND mc.role() IN ('finance', 'auditor', 'commissioner')
   AND (i.approved - i.scheduled - i.paid <> 0 OR i.state IN ('checked', 'exception', 'approved', 'in_run', 'disputed'))
