-- query: hat_list
-- about: The roles the asking account may take.
-- row: council_id int, hat_id bigint, role text, council_name text, organisation_name text null, person_name text null, is_current bool
-- rows: many
SELECT h.council_id, h.hat_id, h.role, h.council_name, h.organisation_name, h.person_name,
       coalesce(h.hat_id = mc.hat(), false) AS is_current
  FROM identity.hats_of(mc.account()) h
