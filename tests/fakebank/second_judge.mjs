// The second judge of the bank matcher: its own town, its own truth, its own marks. It shares no code and no reference forms with tests/fakebank's other half.
//   node tests/fakebank/second_judge.mjs [--size 1000] [--seeds 1,2] [--program build/release/marketcross] [--verbose] [--show CLASS]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, Dice, pounds, pence, day } from './second_judge_world.mjs';
import { play } from './second_judge_scenes.mjs';
import { traps } from './second_judge_traps.mjs';
import { manners } from './second_judge_manners.mjs';

const option = (name, otherwise) => { const i = process.argv.indexOf(`--${name}`); return i < 0 ? otherwise : process.argv[i + 1]; };
const program = option('program', 'build/release/marketcross');
const size = Number(option('size', 1000)), seeds = option('seeds', '1,2').split(',').map(Number), show = option('show', null);
const verbose = process.argv.includes('--verbose') || show !== null;
let tests = 0, failed = 0;
const check = (good, text) => { tests++; if (!good) failed++; console.log(`${good ? 'ok' : 'not ok'} ${tests} - ${text}`); };

/* ---- what the program is given ---- */

const itemLine = (i) => JSON.stringify({ id: i.id, kind: i.kind, amount: pounds(i.amount), due: day(i.due), reference: i.reference, end_to_end_id: i.end_to_end_id,
  party: { id: i.party.id, name: i.party.name, account: i.party.account }, run: i.run, documents: i.documents });
const party = (p) => p ?? { name: null, account: null };
const entryObject = (e) => ({ amount: pounds(e.amount), booked: day(e.on), value: day(e.on), status: e.status, reversal: e.reversal, bank_ref: e.bank_ref,
  end_to_end_id: e.e2e, instruction_id: e.instruction, counterparty: party(e.who), remittance: e.texts.filter((t) => t !== ''),
  details: (e.details ?? (e.reason ? [{ amount: e.amount, e2e: e.e2e, who: e.who, texts: e.texts, reason: e.reason }] : [])).map((x) => ({ amount: pounds(x.amount),
    end_to_end_id: x.e2e, counterparty: party(x.who), remittance: x.texts, return_reason: x.reason })) });

/* Weekly statements for each currency; what is sent again stands in a statement of its own. */
function statements(w) {
  const by = new Map();
  for (const e of w.entries) {
    const key = `${e.currency} ${String(Math.floor((e.on + 10) / 7)).padStart(3, '0')}${e.again ? ' again' : ''}`;
    if (!by.has(key)) by.set(key, []);
    by.get(key).push(e);
  }
  return [...by].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([key, list]) => ({ key, list: list.sort((a, b) => a.on - b.on) }));
}
function statementLine({ key, list }) {
  const sum = list.reduce((s, e) => s + (e.status === 'booked' ? e.amount : 0), 0);
  return JSON.stringify({ file: `${key}.xml`, format: 'camt.053.001.08', statements: [{ id: key, account: `60161399${key.slice(0, 3) === 'EUR' ? '99990002' : '99990001'}`, currency: key.slice(0, 3),
    entries: list.map(entryObject), opening: { amount: '1000000.00', date: day(list[0].on) }, closing: { amount: pounds(100000000 + sum), date: day(list.at(-1).on) }, balance: 'balances' }] });
}

/* Runs the matcher; the results come back by entry. */
function match(dir, items, sheets) {
  const expected = join(dir, 'expected'), entries = join(dir, 'entries'), out = join(dir, 'out');
  writeFileSync(expected, items.map(itemLine).join('\n') + '\n');
  writeFileSync(entries, sheets.map(statementLine).join('\n') + '\n');
  const fd = openSync(out, 'w'), began = Date.now();
  const run = spawnSync(program, ['reconcile', 'match', '--json', '--expected', expected, '--entries', entries], { stdio: ['ignore', fd, 'inherit'] });
  closeSync(fd);
  if (run.status !== 0) throw new Error(`the matcher ended with ${run.status}`);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n').map((l) => JSON.parse(l)), order = sheets.flatMap((s) => s.list), results = new Map();
  for (const r of lines) results.set(order[r.entry], r);
  if (results.size !== order.length || lines.length !== order.length) throw new Error(`${order.length} entries, ${lines.length} results`);
  return { results, ms: Date.now() - began };
}

/* ---- marks ---- */

const sameAllocations = (got, want, undo) => got.length === want.length &&
  want.every(([id, amount]) => got.some((g) => g.item === id && (undo ? Math.abs(pence(g.amount)) === Math.abs(amount) : pence(g.amount) === amount)));

/* A party's equal items are interchangeable where nothing but the payer was said: the right person's money went to the right person's debt. */
function acceptable(e, got, item) {
  if (e.right.some((want) => sameAllocations(got, want, e.undo))) return true;
  if (e.details && got.every((g) => e.right.some((want) => want.some((x) => sameAllocations([g], [x], e.undo))))) return true;
  if (!e.sameParty || e.right.length === 0 || got.length !== 1) return false;
  const it = item.get(got[0].item), want = item.get(e.right[0][0][0]);
  return it.party.id === e.party && it.kind === want.kind && it.amount === want.amount && pence(got[0].amount) === e.right[0][0][1];
}
function wrongParty(e, got, item) {
  if (e.run) return got.some((g) => item.get(g.item).run !== e.run);
  return got.some((g) => e.party === null || ![].concat(e.party).includes(item.get(g.item).party.id));
}
/* One word for each entry. */
function verdict(e, r, item, once) {
  if (r.class === 'post') {
    if (wrongParty(e, r.allocations, item)) return 'wrong party';
    if (!acceptable(e, r.allocations, item)) return 'wrong post';
    if (e.once) { if (once.has(e.once)) return 'posted twice'; once.add(e.once); }
    return 'posted';
  }
  const named = new Set([...(r.class === 'propose' ? r.allocations.map((a) => a.item) : []), ...r.candidates.map((c) => c.item)]);
  const sameWorth = (id) => { const it = item.get(id), f = item.get(e.find[0]); return e.sameParty && it.party.id === f.party.id && it.amount === f.amount && it.kind === f.kind; };
  if (e.find.length === 0) return r.class === 'none' ? 'left' : 'proposed';
  return e.find.some((id) => named.has(id)) || [...named].some(sameWorth) ? 'proposed' : 'not found';
}

const VERDICTS = ['posted', 'proposed', 'left', 'not found', 'wrong post', 'posted twice', 'wrong party'];

function mark(w, results) {
  const item = new Map(w.items.map((i) => [i.id, i])), once = new Set(), table = new Map();
  for (const e of [...w.entries].sort((a, b) => a.on - b.on)) {
    const r = results.get(e), v = verdict(e, r, item, once);
    if (!table.has(e.cls)) table.set(e.cls, Object.fromEntries(VERDICTS.map((x) => [x, 0])));
    table.get(e.cls)[v]++;
    if ((show === e.cls && v !== 'posted') || (verbose && ['wrong post', 'posted twice', 'wrong party'].includes(v)))
      console.log(`# ${v}: ${e.cls}: ${JSON.stringify(entryObject(e))}\n#    truth ${JSON.stringify(e.right)} of ${e.party}; got ${JSON.stringify(r)}\n#    ${[...e.find, ...r.allocations.map((a) => a.item)].slice(0, 3).map((id) => itemLine(item.get(id))).join('\n#    ')}`);
  }
  return table;
}
const count = (table, verdicts, cls = () => true) => [...table].filter(([c]) => cls(c)).reduce((s, [, row]) => s + verdicts.reduce((t, v) => t + row[v], 0), 0);
const rate = (a, b) => (b === 0 ? 1 : a / b);

function print(table) {
  console.log(`# ${'class'.padEnd(40)}${VERDICTS.map((v) => v.padStart(13)).join('')}`);
  for (const [cls, row] of [...table].sort()) console.log(`# ${cls.padEnd(40)}${VERDICTS.map((v) => String(row[v] || '.').padStart(13)).join('')}`);
}

/* ---- the same whatever the order ---- */

const outcomes = (results) => [...results].map(([e, r]) => `${JSON.stringify(entryObject(e))} ${r.class} ${r.rule} ${JSON.stringify(r.allocations.map((a) => [a.item, a.amount]).sort())} ${JSON.stringify(r.candidates.map((c) => c.item))}`).sort();
function differing(a, b) {
  const x = outcomes(a), y = outcomes(b);
  const at = x.findIndex((line, i) => line !== y[i]);
  if (at >= 0 && verbose) console.log(`# ${x[at]}\n# ${y[at]}`);
  return x.reduce((n, line, i) => n + (line === y[i] ? 0 : 1), 0);
}

function judge(seed, dir) {
  const w = new World(seed);
  play(w, size, { ...traps, ...manners });
  const sheets = statements(w), { results, ms } = match(dir, w.items, sheets), table = mark(w, results);
  if (process.argv.includes('--table')) print(table);
  const posted = count(table, ['posted']), wrong = count(table, ['wrong post', 'posted twice']), strangers = count(table, ['wrong party']);
  const whole = (c) => ['run: one debit', 'run: reference missing', 'run: batch with details'].includes(c), intact = (c) => ['top-up: intact', 'top-up: in longer text', 'top-up: paid by a relative'].includes(c);
  const runs = rate(count(table, ['posted'], whole), count(table, VERDICTS, whole)), topups = rate(count(table, ['posted'], intact), count(table, VERDICTS, intact));
  const found = rate(count(table, ['proposed'], (c) => !NOT_SOUGHT.has(c)), count(table, ['proposed', 'not found'], (c) => !NOT_SOUGHT.has(c)));
  const world = `seed ${seed}, ${w.entries.length} entries, ${w.items.length} items`;
  check(strangers === 0, `${world}: no posting to a wrong party (${strangers})`);
  check(rate(posted, posted + wrong + strangers) >= 0.9999, `${world}: precision ${rate(posted, posted + wrong + strangers).toFixed(4)} of ${posted + wrong + strangers} posted`);
  check(runs >= 0.98, `${world}: recall on whole runs ${runs.toFixed(4)}`);
  check(topups >= 0.9, `${world}: recall on top-ups with intact references ${topups.toFixed(4)}`);
  check(found >= 0.97, `${world}: right answer among the three best ${found.toFixed(4)}`);
  const d = new Dice(seed + 77), mixed = match(dir, d.shuffle(w.items), d.shuffle(sheets).map((s) => ({ key: s.key, list: d.shuffle(s.list) })));
  const moved = differing(results, mixed.results);
  check(moved === 0, `${world}: the order of the input changes nothing (${moved} differ), ${ms} ms`);
}
/* Classes in which nothing said by payer or bank tells which item is meant, or in which no item is. */
const NOT_SOUGHT = new Set(['same amount, same day, other party', 'inside a longer number', 'short number by chance', 'wrong side', 'other currency', 'zero amount', 'pending',
  'charges and interest', 'too little, another\'s reference', 'overlap with bank references', 'overlap without bank references', 'overlap of a part payment', 'paid twice',
  'returned, without anything', 'details and a charge']);

const dir = mkdtempSync(join(tmpdir(), 'second-judge-'));
try {
  for (const seed of seeds) judge(seed, dir);
} finally {
  rmSync(dir, { recursive: true });
}
console.log(`1..${tests}`);
process.exitCode = failed ? 1 : 0;
