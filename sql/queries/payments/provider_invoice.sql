-- query: provider_invoice
-- about: The head of one of the provider's own invoices, as it prints: who, to whom, when, and the end of the account that it names.
-- params: ref text
-- row: ref text, number text, kind text, state text, provider text, area text null, vat_number text null, corrects text null, corrects_number text null, issue_on date, due_on date, expected_on date,
--   received_when text, paid_on date null, net money, tax money, gross money, approved money, paid money, account_end text null, open_questions int,
--   disputed_lines int, payment text null, ruleset text null, xsd text null, has_file bool, vat_reason text null, credited money
-- rows: maybe
SELECT i.ref, i.number, i.kind, i.state, o.name AS provider, s.area, a.vat_number, c.ref AS corrects, c.number AS corrects_number, i.issue_on, i.due_on, payments.expected_on(i.council_id, i.id) AS expected_on,
       payments.said_at(i.received_at) AS received_when, i.paid_on, i.net, i.tax, i.gross, i.approved, i.paid,
       right(coalesce(i.bank_account, i.bank_iban, a.account_number), 4) AS account_end,
       (SELECT count(*)::int FROM payments.exception e WHERE e.council_id = i.council_id AND e.invoice_id = i.id AND e.state = 'open') AS open_questions,
       (SELECT count(*)::int FROM payments.invoice_line l WHERE l.council_id = i.council_id AND l.invoice_id = i.id AND l.state = 'disputed') AS disputed_lines,
       (SELECT p.reference FROM payments.payment_invoice x JOIN payments.payment p ON p.council_id = x.council_id AND p.id = x.payment_id
         WHERE x.council_id = i.council_id AND x.invoice_id = i.id AND p.state <> 'withdrawn' ORDER BY p.id DESC LIMIT 1) AS payment,
       CASE WHEN i.file_ref IS NOT NULL THEN i.ruleset END AS ruleset, i.verdict ->> 'xsd' AS xsd, i.file_ref IS NOT NULL AS has_file,
       (SELECT string_agg(DISTINCT (payments.vat_terms(l.vat_category)).reason, '; ') FROM payments.invoice_line l WHERE l.council_id = i.council_id AND l.invoice_id = i.id) AS vat_reason,
       (SELECT coalesce(sum(k.approved), 0)::bigint FROM payments.invoice k WHERE k.council_id = i.council_id AND k.corrects_id = i.id AND k.kind = 'credit_note') AS credited
  FROM payments.invoice i
  JOIN identity.organisation o ON o.id = i.organisation_id
  LEFT JOIN catalogue.storefront s ON s.organisation_id = i.organisation_id
  LEFT JOIN payments.invoice c ON c.council_id = i.council_id AND c.id = i.corrects_id
  LEFT JOIN payments.provider_account a ON a.council_id = i.council_id AND a.organisation_id = i.organisation_id AND a.state IN ('verified', 'stopped')
 WHERE i.council_id = mc.council() AND i.organisation_id = mc.organisation() AND mc.role() = 'provider' AND i.ref = $1::text
