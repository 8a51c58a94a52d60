// An invented town's bank account, written from the matcher's contract alone: expected items, bank entries, and the truth about every entry.
// Nothing here knows how the matcher works; the forms of references, names and accidents are this file's own.

/* A small seeded generator (xorshift on 32 bits), so that a seed names a world for ever. */
export class Dice {
  constructor(seed) { this.s = (seed * 2654435761 + 97) >>> 0 || 1; for (let i = 0; i < 16; i++) this.next(); }
  next() { let s = this.s; s ^= s << 13; s >>>= 0; s ^= s >>> 17; s ^= s << 5; this.s = s >>>= 0; return s; }
  below(n) { return this.next() % n; }
  between(a, b) { return a + this.below(b - a + 1); }
  chance(percent) { return this.below(100) < percent; }
  of(list) { return list[this.below(list.length)]; }
  digits(n) { let t = ''; while (t.length < n) t += this.below(10); return t; }
  shuffle(list) {
    const a = list.slice();
    for (let i = a.length - 1; i > 0; i--) { const j = this.below(i + 1); [a[i], a[j]] = [a[j], a[i]]; }
    return a;
  }
}

const FORENAMES = ['Janet', 'Amir', 'Doreen', 'Peter', 'Siobhan', 'Kwame', 'Olive', 'Tariq', 'Maureen', 'Ivan', 'Grace', 'Harold', 'Nadia', 'Brian', 'Zofia', 'Ted'];
const SURNAMES = ['Hartley', 'Okafor', 'Singh', 'Patel', 'Brown', 'Lee', 'Nowak', 'Ali', "O'Connor", 'Fenwick', 'Lee-Brown', 'Jones'];
const FIRMS = ['Beacon', 'Willowbrook', 'Orchard', 'Kestrel', 'Moorland', 'Trinity', 'Larch', 'Copper'];
const TRADES = ['Home Care Ltd', 'Support Services', 'Day Centre CIC', 'Transport', 'Gardens', 'Community Meals Limited'];
const ROUND = [2500, 4000, 5000, 8000, 10000, 12000, 12000, 12000, 15000, 20000, 24050];

export const pounds = (pence) => `${pence < 0 ? '-' : ''}${Math.floor(Math.abs(pence) / 100)}.${String(Math.abs(pence) % 100).padStart(2, '0')}`;
export const pence = (text) => { const [w, d = ''] = text.replace('-', '').split('.'); return (text[0] === '-' ? -1 : 1) * (Number(w) * 100 + Number(d.slice(0, 2).padEnd(2, '0'))); };
const DAY0 = Date.UTC(2026, 0, 5);
export const day = (n) => new Date(DAY0 + n * 86400000).toISOString().slice(0, 10);

export class World {
  constructor(seed) {
    this.d = new Dice(seed);
    this.parties = []; this.items = []; this.entries = []; this.references = new Set(); this.serial = 4000 + this.d.below(900); this.runs = 100;
  }

  party() {
    const d = this.d, firm = d.chance(30), id = `P${this.parties.length + 1}`;
    const forename = d.of(FORENAMES), surname = d.of(SURNAMES);
    const p = { id, firm, forename, surname, account: d.of(['601613', '204119', '309907']) + d.digits(8),
      name: firm ? `${d.of(FIRMS)} ${d.of(TRADES)} ${d.digits(2)}` : `${forename} ${surname}` };
    if (d.chance(15)) p.iban = `GB${d.digits(2)}NWBK${p.account}`;
    this.parties.push(p);
    return p;
  }
  someone() { return this.parties.length > 20 && this.d.chance(60) ? this.d.of(this.parties) : this.party(); }
  other(p) { let q; do q = this.someone(); while (q.id === p.id || q.name === p.name || (!q.firm && q.surname === p.surname)); return q; }

  amount() { const d = this.d; return d.chance(50) ? d.of(ROUND) : d.between(1200, 260000); }

  /* A reference not used before; sequential numbers make neighbours one slip apart, which is the point. */
  reference(form = this.d.of(['pay', 'pay', 'inv', 'twelve', 'mc', 'account'])) {
    const d = this.d;
    for (;;) {
      this.serial += d.between(1, 3);
      const r = { pay: () => `PAY-2026-${String(this.serial).padStart(6, '0')}`, inv: () => `EM/INV/${String(this.serial).padStart(7, '0')}`,
        twelve: () => '4' + d.digits(11), mc: () => `MC${d.digits(7)}${d.of([...'ACDEFHJKLMNPQRTUVWXY'])}`, account: () => `SC${d.digits(4)}-${d.digits(4)}`,
        short: () => d.of(['', '1']) + String(this.serial % 90000 + 1000).slice(0, d.between(4, 5)) }[form]();
      if (form === 'short' || !this.references.has(r)) { this.references.add(r); return r; }
    }
  }

  item(kind, p, amount, due, more = {}) {
    const it = { id: `X${this.items.length + 1}`, kind, amount, due, party: p, reference: this.reference(), end_to_end_id: null, run: null, documents: [], ...more };
    this.items.push(it);
    return it;
  }

  /* expect: 'post' (ought to post), 'may' (right to post, right not to), 'never'. right: the allocations that are right; find: items worth proposing. */
  entry(cls, on, amount, texts, truth, more = {}) {
    const e = { cls, on, amount, texts, expect: 'may', right: [], find: [], party: null, status: 'booked', reversal: false, bank_ref: this.d.digits(14),
      e2e: null, instruction: null, who: null, details: null, reason: null, currency: 'GBP', ...truth, ...more };
    this.entries.push(e);
    return e;
  }
  /* Truth of an entry that settles these items in full, or one item by this amount. */
  settles(items, expect = 'may', amount = null) {
    const list = [].concat(items);
    return { expect, right: [list.map((i) => [i.id, amount ?? i.amount])], find: list.map((i) => i.id), party: list[0].party.id };
  }
}

/* ---- how banks and people spoil what we wrote ---- */

const spelt = (p) => ({ 0: p.account, 1: `${p.account.slice(0, 2)}-${p.account.slice(2, 4)}-${p.account.slice(4, 6)} ${p.account.slice(6)}`, 2: `${p.account.slice(0, 6)} ${p.account.slice(6)}` })[Number(p.account[13]) % 3];
export const payer = (p, variant = 'plain') => ({ plain: { name: p.name, account: p.iban ?? spelt(p) }, name: { name: p.name, account: null },
  nobody: { name: null, account: null }, account: { name: null, account: p.account } })[variant];

export const nameVariant = (d, p) => (p.firm ? d.of([p.name.toUpperCase(), p.name.replace('Limited', 'LTD'), p.name.toUpperCase().slice(0, 18)])
  : d.of([`MR ${p.forename[0]} ${p.surname}`.toUpperCase(), `${p.surname} ${p.forename[0]}`.toUpperCase(), `MRS ${p.forename} ${p.surname}`, `${p.surname.toUpperCase()} ${p.forename.toUpperCase()}`,
    `${p.forename[0]}. ${p.surname}`, `Dr ${p.forename} A ${p.surname}`]));

export const spoken = (d, r) => d.of([r, r, r.toLowerCase(), r.replace(/[-/]/g, ' '), r.replace(/[-/]/g, ''), `REF ${r}`, `Ref:${r}.`, `(${r})`]);
export const embed = (d, r) => d.of([`THANK YOU FOR MUMS CARE ${r} NOV`, `FPI ${r} VIA MOBILE`, `carer/${r}/week 12`, `Payment re ${r}, as agreed on the phone`, `STANDING ORDER ${r} 14JAN 1422`]);

export function slip(d, r, edits) {
  let t = r;
  for (let i = 0; i < edits; i++) {
    const at = d.between(Math.floor(t.length / 2), t.length - 1), c = String(d.below(10));
    t = d.of([t.slice(0, at) + c + t.slice(at + 1), t.slice(0, at) + t.slice(at + 1), t.slice(0, at) + c + t.slice(at),
      at + 1 < t.length ? t.slice(0, at) + t[at + 1] + t[at] + t.slice(at + 2) : t.slice(0, at) + c]);
  }
  return t;
}
export const looksAlike = (r) => r.replace(/0/g, 'O').replace(/1/g, 'I');
