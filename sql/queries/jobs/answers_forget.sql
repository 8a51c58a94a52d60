-- query: answers_forget
-- about: Forgets what was typed and not finished for long enough.
-- lane: slow
-- writes: yes
-- row: forgotten int
-- rows: one
SELECT mc.answers_forget() AS forgotten
