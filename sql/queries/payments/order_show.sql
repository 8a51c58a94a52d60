-- query: order_show
-- about: One order for the person, its provider, or the council's officers. The outcome, what other purses pay and whether there is a review are not the provider's to see.
-- params: ref text
-- row: ref text, state text, total money, note text null, asked_at time, asked_when text, answer_by time, answer_by_when text, answered_at time null, answered_when text null, answer_note text null,
--   person_name text, organisation_name text, ordered_by text, is_by_mandate bool, listing_ref text, title text, unit text, unit_words text, unit_price money,
--   price_source text, quantity int, recurrence text, weekdays text, starts_on date, starts_at text null, weeks int, occurrences int, visit_price money,
--   notice_hours int, outcome_title text null, still_held money null, captured money null, pool_ref text null, may_act bool hidden, can_review bool hidden, has_review bool hidden
-- rows: maybe
SELECT o.ref, o.state, o.total, o.note, o.asked_at, payments.said_at(o.asked_at) AS asked_when, o.answer_by, payments.said_at(o.answer_by) AS answer_by_when, o.answered_at, payments.said_at(o.answered_at) AS answered_when, o.answer_note,
       p.name AS person_name, g.name AS organisation_name, a.name AS ordered_by, o.mandate_id IS NOT NULL AS is_by_mandate,
       l.listing_ref, l.title, l.unit, catalogue.unit_words(l.unit) AS unit_words, l.unit_price, l.price_source, l.quantity, l.recurrence, array_to_string(l.weekdays, ' ') AS weekdays,
       l.starts_on, to_char(l.starts_at, 'HH24:MI') AS starts_at, l.weeks, l.occurrences, l.visit_price, l.notice_hours,
       CASE WHEN NOT v.is_provider THEN t.title END AS outcome_title,
       CASE WHEN NOT v.is_provider THEN (SELECT sum(h.rest)::bigint FROM payments.order_hold oh JOIN ledger.hold h ON h.council_id = oh.council_id AND h.id = oh.hold_id
                                          WHERE oh.council_id = o.council_id AND oh.order_id = o.id) END AS still_held,
       CASE WHEN NOT v.is_provider THEN (SELECT coalesce(sum(c.amount), 0)::bigint FROM payments.capture c WHERE c.council_id = o.council_id AND c.order_id = o.id) END AS captured,
       CASE WHEN v.is_own THEN (SELECT q.ref FROM payments.pool_member m JOIN payments.pool q ON q.council_id = m.council_id AND q.id = m.pool_id
                                 WHERE m.council_id = o.council_id AND m.order_id = o.id) END AS pool_ref,
       identity.may('order', 'decide') AS may_act,
       v.is_own AND payments.was_delivered(o.id) AS can_review,
       v.is_own AND EXISTS (SELECT FROM catalogue.review r WHERE r.council_id = mc.council() AND r.order_id = o.id) AS has_review
  FROM payments.orders o
  JOIN payments.order_line l ON l.council_id = o.council_id AND l.order_id = o.id
  JOIN identity.person p ON p.council_id = o.council_id AND p.id = o.person_id
  JOIN identity.organisation g ON g.id = o.organisation_id
  JOIN identity.account_name a ON a.id = o.ordered_by
  LEFT JOIN payments.outcome t ON t.council_id = l.council_id AND t.id = l.outcome_id
 CROSS JOIN LATERAL (SELECT coalesce(mc.role() = 'provider', false) AS is_provider, coalesce(o.person_id = mc.person(), false) AS is_own) AS v
 WHERE o.council_id = mc.council() AND o.ref = $1::text
   AND (o.person_id = mc.person() OR (v.is_provider AND o.organisation_id = mc.organisation() AND o.id = ANY (payments.order_mates(o.ref))) OR mc.role() IN ('commissioner', 'finance', 'auditor', 'safeguarding'))
