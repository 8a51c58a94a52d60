-- query: caseload_people
-- about: How many people the asking helper sees money and orders of today.
-- row: people int
-- rows: one
SELECT count(DISTINCT h.person_id)::int AS people FROM identity.mandates_held() h WHERE 'see' = ANY (h.rights)
