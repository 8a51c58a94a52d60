// The scenes of a town's year at the bank, each with the truth it makes: what was paid, how the bank and the payer spelt it, and what must never happen.
import { payer, nameVariant, spoken, embed, slip, looksAlike } from './second_judge_world.mjs';

/* One of our runs: the whole, its payments, and how its reference reads. */
export function run(w, members) {
  const d = w.d, name = d.of([`RUN-2026-${++w.runs}${d.digits(2)}`, `BATCH/${d.digits(3)}${++w.runs}`, `PR2026${d.digits(3)}${++w.runs}`]);
  const due = d.between(0, 300), list = [];
  for (let i = 0; i < members; i++) {
    const it = w.item('payment', w.someone(), -w.amount(), due, { run: name });
    if (d.chance(80)) it.end_to_end_id = `E2E${it.reference}`;
    list.push(it);
  }
  const whole = w.item('run', { id: null, name: null, account: null }, list.reduce((s, i) => s + i.amount, 0), due, { run: name, reference: name });
  return { name, due, list, whole };
}
/* A run may be settled as the whole or as all of its payments; both are right. */
export const runTruth = (r, expect) => ({ expect, right: [[[r.whole.id, r.whole.amount]], r.list.map((i) => [i.id, i.amount])], find: [r.whole.id], party: null, run: r.name });

/* An expected receipt of a person. */
export const due = (w, kind = 'topup', more = {}) => { const p = more.party ?? w.someone(); return w.item(kind, p, more.amount ?? w.amount(), w.d.between(0, 320), more); };
export const near = (w, it) => it.due + w.d.between(-2, 6);
const who = (w, p) => payer(p, w.d.of(['plain', 'plain', 'name', 'account', 'nobody']));

const scenes = {
  'run: one debit'(w) {
    const d = w.d, r = run(w, d.between(2, 12));
    const t = d.of([r.name, r.name.replace(/[-/]/g, ' '), `BACS ${r.name}`, `DIRECT CREDITS ${r.name} EXPENSE`, r.name.toLowerCase()]);
    w.entry('run: one debit', r.due + d.between(0, 2), r.whole.amount, [t], runTruth(r, 'post'), d.chance(20) ? { e2e: r.name } : {});
  },
  'run: reference missing'(w) {
    if (!w.d.chance(4)) return scenes['run: one debit'](w);
    const r = run(w, w.d.between(2, 9));
    w.entry('run: reference missing', r.due, r.whole.amount, ['BACS DIRECT CREDIT'], runTruth(r, 'may'));
  },
  'run: payments one by one'(w) {
    const d = w.d, r = run(w, d.between(2, 6));
    for (const it of r.list) {
      const by = d.below(3), e2e = it.end_to_end_id;
      w.entry('run: payments one by one', r.due + d.below(2), it.amount, by === 0 && e2e ? [] : [spoken(d, it.reference)], w.settles(it, 'post'),
        { who: payer(it.party), e2e: by < 2 ? e2e : null });
    }
  },
  'run: batch with details'(w) {
    const d = w.d, r = run(w, d.between(2, 6));
    const details = r.list.map((i) => ({ amount: i.amount, e2e: i.end_to_end_id ?? i.reference, who: payer(i.party), texts: [], reason: null }));
    w.entry('run: batch with details', r.due, r.whole.amount, [], runTruth(r, 'post'), { details });
  },
  'payment: reference'(w) {
    const it = due(w, 'payment', { amount: -w.amount() });
    w.entry('payment: reference', near(w, it), it.amount, [spoken(w.d, it.reference)], w.settles(it, 'post'), { who: payer(it.party) });
  },
  'top-up: intact'(w) {
    const it = due(w);
    w.entry('top-up: intact', near(w, it), it.amount, [spoken(w.d, it.reference)], w.settles(it, 'post'), { who: who(w, it.party) });
  },
  'top-up: in longer text'(w) {
    const it = due(w);
    w.entry('top-up: in longer text', near(w, it), it.amount, [embed(w.d, it.reference)], w.settles(it, 'post'), { who: who(w, it.party) });
  },
  'top-up: split over two lines'(w) {
    const it = due(w), at = w.d.between(3, it.reference.length - 2);
    w.entry('top-up: split over two lines', near(w, it), it.amount, [`CARE ${it.reference.slice(0, at)}`, `${it.reference.slice(at)} THANKS`], w.settles(it, 'may'), { who: payer(it.party) });
  },
  'top-up: paid by a relative'(w) {
    const it = due(w);
    w.entry('top-up: paid by a relative', near(w, it), it.amount, [spoken(w.d, it.reference)], w.settles(it, 'post'), { who: { name: 'Q X UNRELATED', account: `401122${w.d.digits(8)}` } });
  },
  'top-up: short number'(w) {
    const it = due(w, 'topup', { reference: w.reference('short') });
    w.entry('top-up: short number', near(w, it), it.amount, [w.d.of([it.reference, `REF ${it.reference}`])], w.settles(it), { who: payer(it.party) });
  },
  'top-up: no reference'(w) {
    const it = due(w);
    w.entry('top-up: no reference', near(w, it), it.amount, [w.d.of(['CARE', 'STANDING ORDER', 'mum', ''])], { ...w.settles(it), sameParty: true }, { who: payer(it.party) });
  },
  'top-up: name variant'(w) {
    const it = due(w, 'topup', { amount: w.d.between(1200, 260000) });
    w.entry('top-up: name variant', near(w, it), it.amount, ['CARE'], { ...w.settles(it), sameParty: true }, { who: { name: nameVariant(w.d, it.party), account: null } });
  },
  'truncated'(w) {
    const it = due(w), n = w.d.of([18, 12, 10]), text = `${w.d.of(['', '', 'CARE '])}${it.reference}`.slice(0, n);
    w.entry(`truncated to ${n}`, near(w, it), it.amount, [text], { ...w.settles(it), sameParty: true }, { who: payer(it.party) });
  },
  'typing slip'(w) {
    const it = due(w), t = slip(w.d, it.reference, w.d.between(1, 2));
    w.entry('typing slip', near(w, it), it.amount, [t], { ...w.settles(it), sameParty: true }, { who: payer(it.party, w.d.of(['plain', 'name'])) });
  },
  'O for 0, I for 1'(w) {
    const it = due(w);
    w.entry('O for 0, I for 1', near(w, it), it.amount, [looksAlike(it.reference)], w.settles(it), { who: payer(it.party) });
  },
  'slip into a neighbour\'s reference'(w) {
    const a = due(w), q = w.other(a.party), b = w.item('topup', q, a.amount, a.due, { reference: w.reference('pay') });
    const c = w.item('topup', w.other(q), a.amount, a.due, { reference: `${b.reference.slice(0, -1)}${(Number(b.reference.slice(-1)) + 5) % 10}` });
    if (w.references.has(c.reference)) c.reference = w.reference();
    w.references.add(c.reference);
    w.entry('slip into a neighbour\'s reference', near(w, b), b.amount, [c.reference], { ...w.settles(b), sameParty: true, find: [b.id] }, { who: payer(b.party) });
  },
  'reference is the beginning of another'(w) {
    const long = due(w, 'topup', { reference: w.d.of([() => w.reference('pay'), () => w.reference('inv')])() }), cut = long.reference.slice(0, -w.d.between(1, 2));
    if (w.references.has(cut)) return;
    w.references.add(cut);
    const short = w.item('topup', w.other(long.party), long.amount, long.due, { reference: cut });
    w.entry('reference is the beginning of another', near(w, long), long.amount, [spoken(w.d, long.reference)], w.settles(long, 'post'), { who: who(w, long.party) });
    if (w.d.chance(50)) w.entry('reference is the beginning of another', near(w, short), short.amount, [spoken(w.d, cut)], w.settles(short, 'post'), { who: payer(short.party) });
  },
  'cut down to another\'s reference'(w) {
    const long = due(w, 'topup', { reference: w.reference('inv') }), cut = long.reference.slice(0, -1);
    if (w.references.has(cut)) return;
    w.references.add(cut);
    w.item('topup', w.other(long.party), long.amount, long.due, { reference: cut });
    w.entry('cut down to another\'s reference', near(w, long), long.amount, [cut], { ...w.settles(long), sameParty: true }, { who: payer(long.party) });
  },
  'inside a longer number'(w) {
    const it = due(w, 'topup', { reference: w.reference(w.d.of(['twelve', 'short'])) }), q = w.other(it.party);
    w.entry('inside a longer number', near(w, it), it.amount, [`CARD 51${it.reference}${w.d.digits(4)}`], { expect: 'never' }, { who: payer(q) });
  },
  'short number by chance'(w) {
    const it = due(w, 'topup', { reference: w.reference('short') });
    const t = w.d.of([`FLAT ${it.reference}`, `TEL 01632 ${it.reference}`, `INV ${it.reference} PLUMBING`, `${it.reference} HIGH ST`]);
    w.entry('short number by chance', near(w, it), w.d.chance(50) ? it.amount : it.amount + w.d.between(1, 900), [t], { expect: 'never' }, { who: { name: 'ZEBEDEE FLOORING', account: `992211${w.d.digits(8)}` } });
  },
  'same amount, same day, other party'(w) {
    const it = due(w), q = w.other(it.party);
    w.entry('same amount, same day, other party', it.due, it.amount, [w.d.of(['CARE', 'TOPUP', `NOTE ${w.d.digits(9)}`])], { expect: 'never' }, { who: { name: `Y ${q.id} STRANGER`, account: `881100${w.d.digits(8)}` } });
  },
  'same surname, same amount'(w) {
    const a = due(w);
    if (a.party.firm) return;
    const q = w.party();
    q.firm = false; q.surname = a.party.surname; q.forename = a.party.forename[0] + 'ulian'; q.name = `${q.forename} ${q.surname}`;
    const b = w.item('topup', q, a.amount, a.due);
    w.entry('same surname, same amount', near(w, b), b.amount, [], { expect: 'may', right: [[[b.id, b.amount]]], find: [b.id], party: q.id }, { who: { name: `${q.forename[0]} ${q.surname}`.toUpperCase(), account: null } });
  },
  'another\'s reference quoted'(w) {
    const a = due(w), q = w.other(a.party), b = w.item('topup', q, w.d.chance(70) ? a.amount : w.amount(), a.due);
    w.entry('another\'s reference quoted', near(w, b), b.amount, [spoken(w.d, a.reference)], { ...w.settles(b), sameParty: true }, { who: payer(q) });
  },
  'contribution'(w) {
    const p = w.someone(), amount = w.amount(), reference = w.d.of([() => w.reference('short'), () => w.reference('account')])(), start = w.d.between(0, 200);
    const list = [0, 28, 56].map((n) => w.item('contribution', p, amount, start + n, { reference }));
    for (const it of list) w.entry('contribution: one reference each month', it.due + w.d.between(0, 3), amount, [reference], { ...w.settles(it), sameParty: true }, { who: payer(p) });
  },
  'contribution: no reference'(w) {
    const p = w.party(), amount = w.amount(), start = w.d.between(0, 200);
    const list = [0, 28, 56].map((n) => w.item('contribution', p, amount, start + n));
    for (const it of list) w.entry('contribution: no reference', it.due + w.d.between(0, 3), amount, [], { ...w.settles(it), sameParty: true }, { who: payer(p) });
  },
  'refund'(w) {
    const it = due(w, 'refund', { amount: w.d.chance(50) ? w.amount() : -w.amount() });
    w.entry('refund', near(w, it), it.amount, [`REFUND ${it.reference}`], w.settles(it, 'post'), { who: payer(it.party) });
  },
  'instalments'(w) {
    const it = due(w, 'topup', { amount: w.d.between(9000, 90000) });
    let left = it.amount;
    for (let i = 0; i < 3; i++) {
      const part = i === 2 ? left : Math.floor(it.amount / 3) + w.d.below(50);
      left -= part;
      w.entry('instalments', it.due + i * 7, part, [it.reference], w.settles(it, 'may', part), { who: payer(it.party) });
    }
  },
  'too little'(w) {
    const it = due(w), part = it.amount - w.d.between(1, 1000);
    w.entry('too little', near(w, it), part, [spoken(w.d, it.reference)], w.settles(it, 'may', part), { who: payer(it.party) });
  },
  'too much'(w) {
    const it = due(w);
    w.entry('too much', near(w, it), it.amount + w.d.between(1, 5000), [spoken(w.d, it.reference)], w.settles(it), { who: payer(it.party) });
  },
  'too little, another\'s reference'(w) {
    const a = due(w), q = w.other(a.party);
    w.entry('too little, another\'s reference', near(w, a), a.amount - w.d.between(1, 1000), [a.reference], { expect: 'never', find: [] }, { who: payer(q) });
  },
  'several invoices'(w) {
    const p = w.someone(), listed = w.d.chance(60), n = w.d.between(2, 4), start = w.d.between(0, 300);
    const list = Array.from({ length: n }, (_, i) => w.item('payment', p, -w.d.between(1000, 90000), start + i, { documents: [`INV-${p.id}-${w.d.digits(5)}`] }));
    const total = list.reduce((s, i) => s + i.amount, 0);
    w.entry(listed ? 'several invoices, listed' : 'several invoices, not listed', start + n, total, listed ? [list.map((i) => i.documents[0]).join(' ')] : ['INVOICES'],
      w.settles(list, listed ? 'post' : 'may'), { who: payer(p) });
  },
  'two top-ups, both references'(w) {
    const a = due(w), b = w.item('topup', a.party, w.amount(), a.due);
    w.entry('two top-ups, both references', near(w, a), a.amount + b.amount, [`${a.reference} ${b.reference}`], w.settles([a, b]), { who: payer(a.party) });
  },
  'paid twice'(w) {
    const it = due(w), on = near(w, it), group = it.id, p = who(w, it.party);
    for (let i = 0; i < 2; i++) w.entry('paid twice', on + i * w.d.below(4), it.amount, [it.reference], { ...w.settles(it), once: group, find: [] }, { who: p });
  },
  'returned'(w) {
    const d = w.d, it = due(w, 'payment', { amount: -w.amount(), end_to_end_id: `E${d.digits(10)}` }), on = near(w, it), how = d.below(4);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party), e2e: it.end_to_end_id });
    const debt = w.item('topup', it.party, -it.amount, it.due + 8);
    const back = { expect: how === 3 ? 'may' : 'post', right: [[[it.id, -it.amount]]], find: [], party: it.party.id, undo: true };
    const more = { who: payer(it.party, how === 3 ? 'name' : 'plain'), e2e: how === 0 ? it.end_to_end_id : null, reason: how === 0 ? d.of(['AC04', 'AC01', 'BE04']) : null };
    const texts = [[it.reference], [`${d.of(['RETURNED', 'UNPAID', 'BACS RETURN', 'ARUCS RETURNED CREDIT'])} ${it.reference}`], [it.reference], []][how];
    if (how === 2) { back.expect = 'may'; back.returnNotDebt = debt.id; }
    w.entry(`returned, ${['with a code', 'by text only', 'by reference only', 'without anything'][how]}`, on + d.between(2, 10), -it.amount, texts, back, more);
  },
  'reversal of a reversal'(w) {
    const it = due(w, 'payment', { amount: -w.amount() }), on = near(w, it), p = payer(it.party);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: p });
    w.entry('reversed', on + 1, -it.amount, [it.reference], { expect: 'may', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true }, { who: p, reversal: true });
    w.entry('reversal of a reversal', on + 2, it.amount, [it.reference], { expect: 'may', right: [[[it.id, it.amount]]], party: it.party.id, undo: true }, { who: p, reversal: true });
  },
  'returned, paid again'(w) {
    const it = due(w, 'payment', { amount: -w.amount() }), on = near(w, it), p = payer(it.party);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: p });
    w.entry('returned, with a code', on + 3, -it.amount, [it.reference], { expect: 'post', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true }, { who: p, reason: 'AC04' });
    w.entry('paid again after a return', on + 6, it.amount, [it.reference], { ...w.settles(it), find: [] }, { who: p });
  },
  'wrong side'(w) {
    const it = due(w);
    w.entry('wrong side', near(w, it), -it.amount, [it.reference], { expect: 'never' }, { who: payer(it.party) });
  },
  'charges and interest'(w) {
    const d = w.d, it = d.chance(50) ? due(w, 'payment', { amount: -d.between(300, 4000) }) : null;
    w.entry('charges and interest', d.between(0, 300), it ? it.amount : d.chance(50) ? d.between(1, 900) : -d.between(1, 900), [d.of(['SERVICE CHARGES', 'ACCOUNT MAINTENANCE FEE', 'INTEREST TO 31 JAN', 'BACS FILE CHARGE'])], { expect: 'never' });
  },
  'pending, then booked'(w) {
    const it = due(w), on = near(w, it), t = spoken(w.d, it.reference), p = payer(it.party);
    w.entry('pending', on, it.amount, [t], { expect: 'never' }, { who: p, status: w.d.of(['pending', 'pending', 'info']), bank_ref: null });
    w.entry('booked after pending', on + 1, it.amount, [t], w.settles(it, 'post'), { who: p });
  },
  'statements overlap'(w) {
    const it = due(w), on = near(w, it), known = w.d.chance(50), p = payer(it.party), t = spoken(w.d, it.reference), ref = known ? w.d.digits(14) : null;
    for (const again of [0, 1])
      w.entry(known ? 'overlap with bank references' : 'overlap without bank references', on, it.amount, [t], { ...w.settles(it), once: it.id, find: [] }, { who: p, bank_ref: ref, again });
  },
  'overlap of a part'(w) {
    const it = due(w, 'topup', { amount: w.d.between(9000, 90000) }), on = near(w, it), part = Math.floor(it.amount / 3), p = payer(it.party), ref = w.d.chance(50) ? w.d.digits(14) : null;
    for (const again of [0, 1])
      w.entry('overlap of a part payment', on, part, [it.reference], { ...w.settles(it, 'may', part), once: it.id, find: [] }, { who: p, bank_ref: ref, again });
  },
  'other currency'(w) {
    const it = due(w);
    w.entry('other currency', near(w, it), it.amount, [it.reference], { expect: 'never' }, { who: payer(it.party), currency: 'EUR' });
  },
  'nothing at all'(w) {
    const it = due(w);
    w.entry('zero amount', near(w, it), 0, [it.reference], { expect: 'never' }, { who: payer(it.party) });
  },
  'details and charges'(w) {
    const p = w.someone(), a = due(w, 'topup', { party: p }), b = due(w, 'topup', { party: p }), fee = w.d.between(20, 300), on = near(w, a);
    const details = [a, b].map((i) => ({ amount: i.amount, e2e: null, who: payer(p), texts: [i.reference], reason: null }));
    w.entry('details and a charge', on, a.amount + b.amount - fee, [], { ...w.settles([a, b]), find: [] }, { details });
  },
};

const COMMON = ['run: one debit', 'run: reference missing', 'run: payments one by one', 'payment: reference', 'top-up: intact', 'top-up: intact', 'top-up: in longer text', 'top-up: no reference'];

export function play(w, size, traps) {
  const all = { ...scenes, ...traps }, names = Object.keys(all);
  for (const name of names) all[name](w);
  while (w.entries.length < size) all[w.d.chance(35) ? w.d.of(COMMON) : w.d.of(names)](w);
}
