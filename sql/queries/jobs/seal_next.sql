-- query: seal_next
-- about: Seals the audit events of the council that are not yet sealed.
-- writes: yes
-- row: events int
-- rows: one
SELECT audit.seal_next() AS events
