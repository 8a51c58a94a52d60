-- query: throttle_forget
-- about: Forgets from where was asked too often, once it counts no more.
-- writes: yes
-- row: forgotten int
-- rows: one
SELECT identity.throttle_forget() AS forgotten
