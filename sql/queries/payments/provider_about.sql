-- query: provider_about
-- about: What the provider's pages need to know of it: its kind, its storefront, and whether it may be paid.
-- row: name text, ref text, kind text, services int, today date, week_from date, hindrance text null, vat_category text
-- rows: one
SELECT o.name, o.ref, o.kind, (SELECT count(*)::int FROM catalogue.listing l WHERE l.organisation_id = o.id AND l.status = 'published') AS services,
       ledger.today() AS today, date_trunc('week', ledger.today())::date AS week_from, p.hindrance, v.category AS vat_category
  FROM identity.organisation o CROSS JOIN LATERAL payments.payable_account(o.id) p CROSS JOIN LATERAL payments.vat_of(o.id) v
 WHERE o.id = mc.organisation()
