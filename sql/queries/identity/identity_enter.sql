-- query: identity_enter
-- about: The first statement of every unit: who is asking, may they, and for whom. Sets the context of the transaction.
-- params: token bytes null, roles text, person_ref text null, needs_person bool
-- row: role text, name text null, council_name text null, council_slug text null, council_phone text null, organisation_name text null, person_name text null, person_ref text null, is_acting bool, hats int, is_demo bool
-- rows: one
SELECT role, name, council_name, council_slug, council_phone, organisation_name, person_name, person_ref, is_acting, hats, is_demo
  FROM identity.enter($1::bytea, string_to_array($2::text, ' '), $3::text, $4::boolean)
