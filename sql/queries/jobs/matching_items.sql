-- query: matching_items
-- about: What is expected on an account, in the form of `reconcile match`: runs, payments or income behind this id.
-- params: bank_account bigint, kind text, after bigint, most int
-- row: id bigint, item text
-- rows: many
SELECT id, item::text AS item FROM payments.expected_items($1::bigint, $2::text, $3::bigint, $4::int)
