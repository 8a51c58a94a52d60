// Manners of payers, banks and councils: spellings, habits and accidents of a real year, each with its truth.
import { payer, spoken } from './second_judge_world.mjs';
import { due, near, run, runTruth } from './second_judge_scenes.mjs';

const never = { expect: 'never' };
const nobody = { name: null, account: null };
const shared = (truth) => ({ ...truth, sameParty: true });
const said = (name) => ({ name, account: null });
const back = (it, more = {}) => ({ expect: 'may', right: [[[it.id, -it.amount]]], party: it.party.id, undo: true, find: [it.id], ...more });
/* Forms of reference that other councils mint: each 12 to 18 characters, with what people do to it. */
const code = (d, n) => Array.from({ length: n }, () => d.of([...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'])).join('');
const minted = (w) => { const r = w.d.of([() => `MK${code(w.d, 10)}`, () => `MK${code(w.d, 10)}R${w.d.digits(5)}`, () => `ASC${w.d.digits(9)}`, () => `DP-${w.d.digits(4)}-${w.d.digits(4)}-${code(w.d, 1)}`])(); w.references.add(r); return r; };
const dressed = (d, r) => d.of([`REF:${r}`, `Ref ${r.toLowerCase()}`, `INV ${r}`, `${r.slice(0, 4)} ${r.slice(4, 8)} ${r.slice(8)}`, `${r.slice(0, 5)}-${r.slice(5)}`, `/${r}/`, `BGC ${r} FP`, `${r}.`, `PAYMENT REFERENCE ${r}`]);

export const manners = {
  'another form of reference'(w) {
    const it = due(w, 'topup', { reference: minted(w) });
    w.entry('another form of reference', near(w, it), it.amount, [dressed(w.d, it.reference)], w.settles(it, 'post'), { who: payer(it.party, w.d.of(['plain', 'name', 'nobody'])) });
  },
  'another form of reference, cut'(w) {
    const it = due(w, 'topup', { reference: minted(w) });
    w.entry('another form of reference, cut', near(w, it), it.amount, [it.reference.slice(0, w.d.of([12, 12, 10]))], shared(w.settles(it)), { who: payer(it.party) });
  },
  'another form of reference, one slip, nobody named'(w) {
    const it = due(w, 'topup', { reference: minted(w) }), at = w.d.between(4, it.reference.length - 1);
    w.entry('another form of reference, one slip, nobody named', near(w, it), it.amount, [it.reference.slice(0, at) + w.d.of([...'2345']) + it.reference.slice(at + 1)], shared(w.settles(it)), { who: nobody });
  },
  'reference over three lines'(w) {
    const it = due(w, 'topup', { reference: minted(w) }), r = it.reference;
    w.entry('reference over three lines', near(w, it), it.amount, ['FASTER PAYMENT', `FROM ${it.party.name}`, r], w.settles(it, 'post'), { who: nobody });
  },
  'a reference that nobody expects'(w) {
    const it = due(w), amount = it.amount;
    w.entry('a reference that nobody expects', near(w, it), amount, [`CT${w.d.digits(8)}`], never, { who: said('COUNCIL TAX OFFICE') });
  },
  'joint account'(w) {
    const it = due(w), { forename, surname } = it.party;
    if (it.party.firm) return;
    w.entry('joint account', near(w, it), it.amount, [it.reference], w.settles(it, 'post'), { who: said(`MR A & MRS ${forename[0]} ${surname}`.toUpperCase()) });
  },
  'one of a couple pays with the own reference'(w) {
    const a = due(w);
    if (a.party.firm) return;
    const spouse = { ...w.party(), firm: false, surname: a.party.surname, forename: `${a.party.forename[0]}ola` };
    spouse.name = `${spouse.forename} ${spouse.surname}`;
    w.parties[w.parties.length - 1] = spouse;
    const b = w.item('topup', spouse, a.amount, a.due);
    for (const it of [a, b]) w.entry('one of a couple pays with the own reference', near(w, it), it.amount, [it.reference], w.settles(it, 'post'), { who: said(`${a.party.forename[0]} ${a.party.surname}`.toUpperCase()) });
  },
  'letters from elsewhere'(w) {
    const p = w.party();
    Object.assign(p, w.d.of([{ name: 'Łukasz Żółkiewski', forename: 'Lukasz', surname: 'Zolkiewski' }, { name: 'Şebnem Yıldız', forename: 'Sebnem', surname: 'Yildiz' }, { name: 'Zoë Brontë', forename: 'Zoe', surname: 'Bronte' }]), { firm: false });
    const it = due(w, 'topup', { party: p }), part = Math.floor(it.amount / 3);
    w.entry('letters from elsewhere', near(w, it), part, [it.reference], { ...w.settles(it, 'may', part) }, { who: said(`${p.surname} ${p.forename}`.toUpperCase()) });
  },
  'weekly series under one reference'(w) {
    const p = w.party(), amount = w.amount(), reference = w.reference('pay'), first = w.d.between(0, 200);
    const list = Array.from({ length: 6 }, (_, i) => w.item('topup', p, amount, first + 7 * i, { reference }));
    const skipped = w.d.below(6), twice = w.d.below(6);
    list.forEach((it, i) => {
      const on = it.due + w.d.below(3);
      if (i === skipped) return;
      w.entry('weekly series under one reference', on, amount, [reference], w.settles(it), { who: payer(p) });
      if (i === twice && i + 1 !== skipped) w.entry('weekly series: paid twice', on + 1, amount, [reference], { expect: 'never', party: p.id }, { who: payer(p) });
    });
  },
  'standing order with last year\'s reference'(w) {
    const p = w.party(), old = w.item('topup', p, w.amount(), w.d.between(0, 30)), now = w.item('topup', p, old.amount, old.due + 150);
    w.entry('standing order, first', near(w, old), old.amount, [old.reference], w.settles(old, 'post'), { who: payer(p) });
    w.entry('standing order with last year\'s reference', near(w, now), now.amount, [old.reference], shared(w.settles(now)), { who: payer(p) });
  },
  'item without any reference'(w) {
    const it = due(w, 'contribution', { reference: null });
    w.entry('item without any reference', near(w, it), it.amount, ['CONTRIBUTION'], shared(w.settles(it)), { who: payer(it.party) });
  },
  'a word and a year'(w) {
    const it = due(w, 'contribution', { reference: w.d.of([`Care 20${w.d.digits(2)}`, `RENT MARCH 26`, `TOPUP2026`]) });
    w.entry('a word and a year', near(w, it), it.amount, [it.reference.toUpperCase()], never, { who: said('Q X UNRELATED') });
  },
  'an id of any kind'(w) {
    const it = due(w), id = w.d.of(['ü "quoted" \\ id', '120.00', 'MC', '🂡', ' leading and trailing ', '{"a":1}']);
    if (w.items.some((i) => i.id === `${id}${it.id}`)) return;
    it.id = `${id}${it.id}`;
    w.entry('an id of any kind', near(w, it), it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party) });
  },
  'a run whose id is a number that stands in a text'(w) {
    const r = run(w, 3), number = `${w.d.between(1000, 9999)}`;
    if (w.items.some((i) => i.id === number)) return;
    r.whole.id = number;
    const it = due(w, 'payment', { amount: -w.amount() });
    w.entry('a run whose id is a number that stands in a text', near(w, it), it.amount, [`${it.reference} ${number}`], w.settles(it, 'post'), { who: payer(it.party) });
  },
  'bulk debit without a name'(w) {
    const r = run(w, w.d.between(6, 12));
    w.entry('bulk debit without a name', r.due + w.d.below(2), r.whole.amount, [w.d.of(['BACS', 'BULK PAYMENT', 'BACS DIRECT CREDIT 0012'])], runTruth(r, 'may'));
  },
  'run\'s total paid to somebody'(w) {
    const r = run(w, w.d.between(2, 5));
    w.entry('run\'s total paid to somebody', r.due + 1, r.whole.amount, [w.d.of(['BACS', 'TRANSFER', 'BACS TRANSFER TO SAVINGS'])], { ...never, party: null }, { who: said('EASTMERE LEISURE') });
  },
  'returned after weeks'(w) {
    const it = due(w, 'payment', { amount: -w.amount() }), on = near(w, it);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party) });
    w.entry('returned after weeks', on + 40, -it.amount, [it.reference], back(it, { expect: 'post' }), { who: payer(it.party), reason: w.d.of(['AC04', 'MD07', 'RC01']) });
  },
  'returned in part'(w) {
    const it = due(w, 'payment', { amount: -w.d.between(4000, 90000) }), on = near(w, it), part = -Math.floor(it.amount / 2);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who: payer(it.party) });
    w.entry('returned in part', on + 4, part, [it.reference], { ...back(it), right: [[[it.id, part]]] }, { who: payer(it.party), reason: 'AM09' });
  },
  'reversed three times'(w) {
    const it = due(w, 'payment', { amount: -w.amount() }), on = near(w, it), who = payer(it.party);
    w.entry('payment: reference', on, it.amount, [it.reference], w.settles(it, 'post'), { who });
    w.entry('reversed three times', on + 2, -it.amount, [`RETURNED ${it.reference}`], back(it, { expect: 'post' }), { who, reversal: true });
    w.entry('reversed three times', on + 3, it.amount, [`REVERSAL ${it.reference}`], w.settles(it), { who, reversal: true });
    w.entry('reversed three times', on + 5, -it.amount, [`RETURNED ${it.reference}`], back(it), { who, reversal: true });
  },
  'everybody pays the same on one day'(w) {
    const amount = w.amount(), on = w.d.between(0, 300), list = Array.from({ length: 6 }, () => w.item('contribution', w.party(), amount, on));
    list.forEach((it, i) => w.entry('everybody pays the same on one day', on, amount, [i % 2 ? it.reference : 'CONTRIBUTION'], shared(w.settles(it)), { who: payer(it.party, 'name') }));
  },
  'a broker pays for its people'(w) {
    const broker = { name: 'HARBOUR BROKERAGE LTD', account: `309907${w.d.digits(8)}` };
    for (let i = 0; i < 3; i++) { const it = due(w); w.entry('a broker pays for its people', near(w, it), it.amount, [spoken(w.d, it.reference)], w.settles(it, 'post'), { who: broker }); }
  },
  'paid in two parts, the second with a slip'(w) {
    const it = due(w), on = near(w, it), part = Math.floor(it.amount / 2), rest = it.amount - part, who = payer(it.party);
    w.entry('paid in two parts', on, part, [it.reference], w.settles(it, 'may', part), { who });
    w.entry('paid in two parts, no reference', on + 6, rest, ['SECOND HALF'], { ...shared(w.settles(it, 'may', rest)) }, { who });
  },
  'name in the text alone'(w) {
    const it = due(w);
    w.entry('name in the text alone', near(w, it), it.amount, [`${it.party.name} ${it.reference}`.toUpperCase()], w.settles(it, 'post'), { who: nobody });
  },
  'another\'s reference, the name in the text alone'(w) {
    const a = due(w), b = w.item('topup', w.other(a.party), a.amount, a.due);
    if (b.party.firm) return;
    w.entry('another\'s reference, the name in the text alone', near(w, b), b.amount, [`${w.d.of([b.party.name, `MR ${b.party.forename[0]} ${b.party.surname}`, `${b.party.surname} ${b.party.forename[0]}`])} ${a.reference}`.toUpperCase()],
      shared(w.settles(b)), { who: nobody });
  },
  'another\'s reference, the name with initials'(w) {
    const a = due(w), b = w.item('topup', w.other(a.party), a.amount, a.due);
    if (b.party.firm) return;
    w.entry('another\'s reference, the name with initials', near(w, b), b.amount, [a.reference], shared(w.settles(b)), { who: said(`MR ${b.party.forename[0]} X ${b.party.surname}`.toUpperCase()) });
  },
};
