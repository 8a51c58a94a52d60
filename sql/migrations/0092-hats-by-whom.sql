-- A letter to an organisation or a person goes to those who wear its hats: found by whom they are for, not by reading every hat of the council for each letter.
CREATE INDEX hat_organisation ON identity.hat (council_id, organisation_id) WHERE organisation_id IS NOT NULL;
CREATE INDEX hat_person ON identity.hat (council_id, person_id) WHERE person_id IS NOT NULL;
