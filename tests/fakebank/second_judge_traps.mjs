// Traps: scenes in which the obvious posting is the wrong one. Each says what would be right and which posting would take somebody's money.
import { payer, spoken, nameVariant } from './second_judge_world.mjs';
import { due, near, run, runTruth } from './second_judge_scenes.mjs';

const never = { expect: 'never' };
const stranger = (w) => ({ name: `${w.d.of(['ZEBEDEE', 'QUILLFEATHER', 'XANTHE'])} ${w.d.of(['FLOORING', 'VENTURES'])}`, account: `992211${w.d.digits(8)}` });
const nobody = { name: null, account: null };

/* Two people's items whose references differ in the last digit; the second owes what is asked for. */
function neighbours(w, amountA) {
  const a = due(w, 'topup', { reference: w.reference('pay') }), last = Number(a.reference.slice(-1));
  const near1 = a.reference.slice(0, -1) + ((last + 4) % 10);
  if (w.references.has(near1)) return null;
  w.references.add(near1);
  return [a, w.item('topup', w.other(a.party), amountA ? a.amount : a.amount + w.d.between(1, 4000), a.due, { reference: near1 })];
}
/* Two suppliers who number their invoices alike. */
function sameNumber(w) {
  const number = w.d.of([() => `INV-${w.d.digits(4)}`, () => w.d.digits(5), () => `2026/${w.d.digits(3)}`])();
  const a = due(w, 'payment', { amount: -w.amount(), documents: [number] });
  return { number, a, b: w.item('payment', w.other(a.party), a.amount, a.due, { documents: [number] }) };
}

export const traps = {
  'slip, other amount, nobody named'(w) {
    const pair = neighbours(w, false);
    if (!pair) return;
    const [a, b] = pair;
    w.entry('slip, other amount, nobody named', near(w, b), b.amount, [a.reference], { ...w.settles(b), sameParty: true }, { who: w.d.of([nobody, stranger(w)]) });
  },
  'slip, same amount, initials'(w) {
    const pair = neighbours(w, true);
    if (!pair) return;
    const [a, b] = pair;
    if (b.party.firm || (!a.party.firm && a.party.surname === b.party.surname)) return;
    w.entry('slip, same amount, initials', near(w, b), b.amount, [a.reference], { ...w.settles(b), sameParty: true }, { who: { name: nameVariant(w.d, b.party), account: null } });
  },
  'reference, then the day of the month'(w) {
    const a = due(w, 'topup', { reference: w.reference('pay').slice(0, -2) }), b = w.item('topup', w.other(a.party), a.amount, a.due, { reference: `${a.reference}11` });
    w.references.add(a.reference).add(b.reference);
    const texts = w.d.of([[`${a.reference} 11 NOV`], [a.reference, '11 NOVEMBER']]);
    w.entry('reference, then the day of the month', near(w, a), a.amount, texts, { ...w.settles(a), sameParty: true }, { who: w.d.chance(60) ? payer(a.party) : nobody });
  },
  'suppliers with equal invoice numbers'(w) {
    const { number, b } = sameNumber(w);
    w.entry('suppliers with equal invoice numbers', near(w, b), b.amount, [`INVOICE ${number}`], { ...w.settles(b), sameParty: true }, { who: payer(b.party) });
  },
  'equal invoice numbers, nobody named'(w) {
    const { number, a } = sameNumber(w);
    w.entry('equal invoice numbers, nobody named', near(w, a), a.amount, [`INVOICE ${number}`], never);
  },
  'equal short references'(w) {
    const a = due(w, 'topup', { reference: w.reference('short') }), b = w.item('topup', w.other(a.party), a.amount, a.due, { reference: a.reference });
    const named = w.d.chance(60);
    w.entry(`equal short references, ${named ? 'payer named' : 'nobody named'}`, near(w, b), b.amount, [b.reference], named ? { ...w.settles(b), sameParty: true } : never, { who: named ? payer(b.party) : nobody });
  },
  'own reference and another\'s'(w) {
    const a = due(w), b = w.item('topup', w.other(a.party), a.amount, a.due);
    w.entry('own reference and another\'s', near(w, b), b.amount, [w.d.of([`${b.reference} LIKE ${a.reference}`, `${a.reference} ${b.reference}`])], w.settles(b), { who: payer(b.party) });
  },
  'one payer for two people'(w) {
    const a = due(w), b = w.item('topup', w.other(a.party), w.amount(), a.due);
    w.entry('one payer for two people', near(w, a), a.amount + b.amount, [`${a.reference} ${b.reference}`], { ...w.settles([a, b]), party: [a.party.id, b.party.id] }, { who: stranger(w) });
  },
  'no reference given, in those words'(w) {
    const a = due(w, 'payment', { amount: -w.amount(), end_to_end_id: 'NOTPROVIDED' }), b = w.item('payment', w.other(a.party), a.amount, a.due, { end_to_end_id: 'NOTPROVIDED' });
    w.entry('no reference given, in those words', near(w, b), b.amount, [], { ...w.settles(b), sameParty: true }, { who: w.d.chance(50) ? payer(b.party) : payer(b.party, 'name'), e2e: 'NOTPROVIDED' });
  },
  'everyday words as references'(w) {
    const word = w.d.of(['CARE', 'TOPUP', 'INVOICE', 'JANUARY', 'N/A', '-', '1', 'MUM', '2026']), a = due(w, 'topup', { reference: word });
    w.entry('everyday words as references', near(w, a), w.d.chance(60) ? a.amount : a.amount + w.d.between(1, 900), [`${word} PAYMENT`], never, { who: stranger(w) });
  },
  'payment went to another\'s account'(w) {
    const a = due(w, 'payment', { amount: -w.amount(), end_to_end_id: `E${w.d.digits(12)}` }), q = w.other(a.party);
    w.item('payment', q, w.d.chance(50) ? a.amount : -w.amount(), a.due);
    w.entry('payment went to another\'s account', near(w, a), a.amount, [], never, { who: payer(q), e2e: a.end_to_end_id });
  },
  'refund under the top-up\'s reference'(w) {
    const it = due(w), on = near(w, it), back = w.item('refund', it.party, -it.amount, on + 4, { reference: it.reference });
    w.entry('top-up: intact', on, it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party) });
    w.entry('refund under the top-up\'s reference', on + w.d.between(3, 8), back.amount, [`REFUND ${it.reference}`], { ...w.settles(back), find: [back.id] }, { who: payer(it.party) });
  },
  'twins'(w) {
    const a = due(w, 'topup', { reference: w.reference('inv') }), r = `${a.reference.slice(0, -1)}${(Number(a.reference.slice(-1)) + 3) % 10}`;
    if (w.references.has(r)) return;
    w.references.add(r);
    const b = w.item('topup', a.party, a.amount, a.due, { reference: r }), on = near(w, a);
    for (const it of [b, a]) w.entry('twins: one party, equal amounts, two references', on, it.amount, [spoken(w.d, it.reference)], w.settles(it, 'post'), { who: payer(a.party) });
  },
  'twins from one payer, no bank references'(w) {
    const a = due(w, 'topup', { reference: w.reference('account') }), p = payer(a.party), on = near(w, a);
    const list = [a, w.item('topup', a.party, a.amount, a.due + 1, { reference: a.reference })];
    for (const it of list) w.entry('twins: equal in everything', on, it.amount, [a.reference], { ...w.settles(it), sameParty: true, find: [] }, { who: p, bank_ref: null });
  },
  'reference in the name'(w) {
    const it = due(w);
    w.entry('reference in the name', near(w, it), it.amount, [], w.settles(it), { who: { name: `${it.reference} ${it.party.name}`.toUpperCase(), account: null } });
  },
  'reference as instruction'(w) {
    const it = due(w, 'payment', { amount: -w.amount() });
    w.entry('reference as instruction', near(w, it), it.amount, [], w.settles(it), { who: payer(it.party), instruction: it.reference });
  },
  'run: only its name on each payment'(w) {
    const r = run(w, w.d.between(2, 5));
    for (const it of r.list) w.entry('run: only its name on each payment', r.due, it.amount, [r.name], { ...w.settles(it), sameParty: true }, { who: payer(it.party) });
  },
  'run: one payment stopped'(w) {
    const r = run(w, w.d.between(3, 6)), out = w.d.of(r.list), amount = r.whole.amount - out.amount, rest = r.list.filter((i) => i !== out);
    w.entry('run: one payment stopped', r.due, amount, [r.name], { expect: 'may', right: [[[r.whole.id, amount]], rest.map((i) => [i.id, i.amount])], find: [r.whole.id], run: r.name });
  },
  'run: debited twice'(w) {
    const r = run(w, 3), more = w.d.chance(50) ? {} : { e2e: r.name };
    for (const n of [0, 1]) w.entry('run: debited twice', r.due + n, r.whole.amount, [r.name], { ...runTruth(r, 'may'), find: [], once: r.whole.id }, more);
  },
  'run: a member comes back'(w) {
    const r = run(w, w.d.between(3, 6)), it = w.d.of(r.list), how = w.d.below(2);
    w.entry('run: one debit', r.due, r.whole.amount, [r.name], runTruth(r, 'post'));
    w.item('topup', it.party, -it.amount, r.due + 5);
    w.entry(`run: a member comes back, ${['code', 'text'][how]}`, r.due + w.d.between(2, 8), -it.amount, how ? [`RETURNED PAYMENT ${it.reference}`] : [it.reference],
      { expect: 'post', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true }, { who: payer(it.party), reason: how ? null : 'AC04' });
  },
  'run: name is the beginning of another'(w) {
    const r = run(w, 2), longer = run(w, 2);
    longer.whole.reference = `${r.name}4`;
    for (const i of [...longer.list, longer.whole]) i.run = longer.whole.reference;
    longer.name = longer.whole.reference;
    w.entry('run: name is the beginning of another', longer.due, longer.whole.amount, [longer.name], runTruth(longer, 'post'));
  },
  'return less a fee'(w) {
    const it = due(w, 'payment', { amount: -w.d.between(4000, 90000) }), on = near(w, it), back = -it.amount - w.d.between(100, 900);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party) });
    const debt = w.item('topup', it.party, back, it.due + 8);
    w.entry('return less a fee', on + 4, back, [it.reference], { expect: 'may', right: [[[it.id, back]]], party: it.party.id, undo: true, not: debt.id }, { who: payer(it.party), reason: 'AC04' });
  },
  'return of something unknown'(w) {
    const it = due(w);
    w.entry('return of something unknown', near(w, it), it.amount, [`ZZ${w.d.digits(9)}`], never, { who: payer(it.party), reason: 'AC04' });
  },
  'a receipt comes back and is paid again'(w) {
    const it = due(w), on = near(w, it), p = payer(it.party);
    w.entry('top-up: intact', on, it.amount, [it.reference], w.settles(it, 'post'), { who: p });
    w.entry('a receipt comes back', on + 3, -it.amount, [it.reference], { expect: 'post', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true }, { who: p, reason: 'AM04' });
    w.entry('paid again after a return', on + 6, it.amount, [it.reference], { ...w.settles(it), find: [] }, { who: p });
  },
  'paid twice, one sent back'(w) {
    const it = due(w), on = near(w, it), p = payer(it.party);
    for (const n of [0, 1]) w.entry('paid twice', on + n, it.amount, [it.reference], { ...w.settles(it), once: it.id, find: [] }, { who: p });
    w.entry('the second payment sent back', on + 6, -it.amount, [`DUPLICATE ${it.reference}`], { expect: 'may', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true, find: [] }, { who: p });
  },
};
