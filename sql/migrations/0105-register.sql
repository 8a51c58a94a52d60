-- The council's own number for a person, as its case management has it: by it a list sent again finds whom it has named before.
ALTER TABLE identity.person ADD COLUMN case_ref text CHECK (length(case_ref) BETWEEN 1 AND 40);
CREATE UNIQUE INDEX person_case ON identity.person (council_id, case_ref);
