-- query: absence_list
-- about: When the person was, is or will be away, newest first, fifty a page: what was stopped, what it cost, what is on again. Why is the person's own, and for who acts for them.
-- params: page int
-- row: ref text, starts_on date, ends_on date null, back_on date null, reason text, words text null, state text, is_now bool, said_by text, said_when text, is_by_mandate bool,
--   visits int, due money, released money, put_back int
-- rows: many
-- page: 50
SELECT a.ref, a.starts_on, payments.absence_last(a) AS ends_on, a.back_on, a.reason, a.words, a.state, a.state = 'open' AND a.starts_on <= ledger.today() AS is_now,
       n.name AS said_by, payments.said_at(a.said_at) AS said_when, a.mandate_id IS NOT NULL AS is_by_mandate, s.visits, s.due, s.released, s.put_back
  FROM payments.absence a
  JOIN identity.account_name n ON n.id = a.said_by
 CROSS JOIN LATERAL (SELECT count(*)::int AS visits, coalesce(sum(x.due) FILTER (WHERE x.answer IS DISTINCT FROM 'planned'), 0)::bigint AS due,
                            coalesce(sum(v.price) FILTER (WHERE x.became = 'paused'), 0)::bigint AS released, (count(*) FILTER (WHERE x.answer = 'planned'))::int AS put_back
                       FROM payments.absence_visit x JOIN payments.visit v ON v.council_id = x.council_id AND v.id = x.visit_id
                      WHERE x.council_id = a.council_id AND x.absence_id = a.id) s
 WHERE a.council_id = mc.council() AND a.person_id = mc.person()
 ORDER BY a.starts_on DESC, a.id DESC
 LIMIT mc.list_most(51) OFFSET mc.list_most(50) * (greatest($1::int, 1) - 1)
