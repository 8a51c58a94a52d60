-- query: demo_people
-- about: Everybody who can sign in to the demonstration town.
-- row: council_id int, council_name text, hat_id bigint, role text, name text, about text
-- rows: many
SELECT council_id, council_name, hat_id, role, name, about FROM identity.demo_people()
