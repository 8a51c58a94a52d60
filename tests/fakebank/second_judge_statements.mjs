// Statements of the second judge's own making through the reader: dialects, missing parts, wrong sums, and files cut off at every byte.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.MC_PROGRAM ?? 'build/release/marketcross', dir = mkdtempSync(join(tmpdir(), 'second-judge-'));
let tests = 0, failed = 0;
const check = (good, text, seen) => { tests++; if (!good) { failed++; console.log(`# ${JSON.stringify(seen)?.slice(0, 600)}`); } console.log(`${good ? 'ok' : 'not ok'} ${tests} - statements: ${text}`); };

/* All files in one call, a line for each. */
function read(files) {
  const paths = files.map((f, i) => { const p = join(dir, `f${i}`); writeFileSync(p, f); return p; });
  const r = spawnSync(program, ['statement', 'read', '--json', ...paths], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: r.status, lines: r.stdout.trimEnd().split('\n').map((l) => JSON.parse(l)) };
}
const one = (file) => read([file]).lines[0];
const amounts = (f) => (f.statements ?? []).flatMap((s) => s.entries.map((e) => Number(e.amount).toFixed(2))).join(' ');
const verdicts = (f) => (f.statements ?? []).map((s) => s.balance).join(' ');

/* ---- camt ---- */

const HEADS = { '053': ['BkToCstmrStmt', 'Stmt'], '054': ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'], '052': ['BkToCstmrAcctRpt', 'Rpt'] };
const camt = (kind, version, statements) => `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${kind}.001.${version}"><${HEADS[kind][0]}><GrpHdr><MsgId>J1</MsgId><CreDtTm>2026-03-02T08:00:00Z</CreDtTm></GrpHdr>${
  statements.map((s, i) => `<${HEADS[kind][1]}><Id>S${i}</Id><Acct><Id><Othr><Id>60161300112233</Id></Othr></Id><Ccy>GBP</Ccy></Acct>${s}</${HEADS[kind][1]}>`).join('')}</${HEADS[kind][0]}></Document>`;
const signed = (n) => `<Amt Ccy="GBP">${String(n).replace('-', '')}</Amt><CdtDbtInd>${String(n)[0] === '-' ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
const bal = (code, n) => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${signed(n)}<Dt><Dt>2026-03-01</Dt></Dt></Bal>`;
const ntry = (version, n, { status = 'BOOK', more = '', details = '', reversal = '' } = {}) => `<Ntry>${signed(n)}${reversal}<Sts>${version >= '08' ? `<Cd>${status}</Cd>` : status}</Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt><BkTxCd><Prtry><Cd>BACS</Cd></Prtry></BkTxCd>${more}${details && `<NtryDtls>${details}</NtryDtls>`}</Ntry>`;
const party = (version, name) => (version >= '08' ? `<Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr>` : `<Dbtr><Nm>${name}</Nm></Dbtr>`);
const detail = (version, n, name, e2e) => `<TxDtls><Refs><EndToEndId>${e2e}</EndToEndId></Refs>${version === '02' ? `<AmtDtls><TxAmt><Amt Ccy="GBP">${n}</Amt></TxAmt></AmtDtls>` : `<Amt Ccy="GBP">${n}</Amt><CdtDbtInd>CRDT</CdtDbtInd>`}<RltdPties>${party(version, name)}</RltdPties><RmtInf><Ustrd>first</Ustrd><Ustrd>second</Ustrd></RmtInf></TxDtls>`;

let sample;
for (const v of ['02', '08', '10']) {
  const body = bal('OPBD', '100.00') + bal('CLBD', '112.50') + ntry(v, '20.00', { details: detail(v, '12.00', 'Ann Lee', 'E-1') + detail(v, '8.00', 'Bob Lee', 'NOTPROVIDED') }) + ntry(v, '-7.5') + ntry(v, '99.00', { status: 'PDNG' });
  const f = one(camt('053', v, [body])), e = f.statements?.[0].entries[0];
  sample = camt('053', v, [body]);
  check(amounts(f) === '20.00 -7.50 99.00' && verdicts(f) === 'balances' && f.statements[0].entries[2].status === 'pending', `camt.053.001.${v} signs, pending and balance`, f);
  check(e?.details.length === 2 && e.details[1].amount === '8.00' && e.details[0].counterparty.name === 'Ann Lee' && e.details[0].end_to_end_id === 'E-1' && e.details[1].end_to_end_id === null && e.details[0].remittance.join('|') === 'first|second', `camt.053.001.${v} batch details`, f);
  const wrong = one(camt('053', v, [body.replace('112.50', '112.49')]));
  check(verdicts(wrong) === 'differs', `camt.053.001.${v} one penny wrong differs`, wrong);
}
{
  const two = one(camt('053', '08', [bal('OPBD', '1.00') + bal('CLBD', '2.00') + ntry('08', '1.00'), bal('PRCD', '-2.00') + bal('CLBD', '-0.00') + ntry('08', '2.00'), ntry('08', '3.00')]));
  check(verdicts(two) === 'balances balances undecided' && amounts(two) === '1.00 2.00 3.00', 'several statements, an overdraft, minus nought, no balances', two);
  const reversal = one(camt('053', '08', [bal('OPBD', '10.00') + bal('CLBD', '15.00') + ntry('08', '5.00', { reversal: '<RvslInd>true</RvslInd>' })]));
  check(verdicts(reversal) === 'balances' && reversal.statements[0].entries[0].reversal === true, 'reversal taken literally', reversal);
  const note = one(camt('054', '08', [ntry('08', '20.00', { details: detail('08', '12.00', 'A', 'E1') + detail('08', '8.00', 'B', 'E2') })])), intraday = one(camt('052', '08', [bal('ITBD', '5.00') + ntry('08', '20.00')]));
  check(verdicts(note) === 'undecided' && note.statements[0].entries[0].details.length === 2, 'camt.054 with a batch', note);
  check(verdicts(intraday) === 'undecided' && amounts(intraday) === '20.00', 'camt.052 during the day', intraday);
  const bom = one(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(sample)])), latin = one(Buffer.from(sample.replace('UTF-8', 'ISO-8859-1').replace('Ann Lee', 'Ren\u00e9e'), 'latin1'));
  check(verdicts(bom) === 'balances', 'byte order mark', bom);
  check(latin.statements?.[0].entries[0].details[0].counterparty.name === 'Ren\u00e9e', 'latin-1 by its declaration', latin);
  const empty = one(camt('053', '10', [bal('OPBD', '4.00') + bal('CLBD', '4.00')]));
  check(verdicts(empty) === 'balances' && amounts(empty) === '', 'a statement without entries', empty);
  const unsaid = read(['<Amt Ccy="GBP">1.2.3</Amt>', '<Amt Ccy="GBP">1,000.00</Amt>', '<Amt Ccy="GBP"></Amt>'].map((bad) => camt('053', '08', [ntry('08', '5.00').replace('<Amt Ccy="GBP">5.00</Amt>', bad)])).concat(camt('053', '08', [ntry('08', '5.00').replace('<CdtDbtInd>CRDT</CdtDbtInd>', '')])));
  check(unsaid.status === 2 && unsaid.lines.every((l) => l.error && !l.statements), 'unreadable amounts and marks refuse the file', unsaid);
}

/* ---- MT940 ---- */

const mt = (lines, head = '', tail = '-') => `${head}${[':20:JUDGE', ':25:601613/00112233', ':28C:7/1', ...lines, tail].join('\r\n')}\r\n`;
const ENTRIES = [':60F:C260227GBP100,00', ':61:2603010301C20,NTRFREF1//B1', ':86:FPI ANN LEE PAY-2026-000123', ':61:260301D7,5NCHGNONREF', ':62F:C260301GBP112,5'];
{
  const plain = one(mt(ENTRIES)), swift = one(mt(ENTRIES, '{1:F01NWBKGB2LAXXX0000000000}{2:I940NWBKGB2LXXXXN}{4:\r\n', '-}'));
  check(amounts(plain) === '20.00 -7.50' && verdicts(plain) === 'balances', 'MT940 plain, without entry date and without decimals', plain);
  check(JSON.stringify(plain.statements) === JSON.stringify(swift.statements), 'MT940 the same in a SWIFT envelope', swift);
  check(plain.statements?.[0].entries[0].remittance.join(' ').includes('PAY-2026-000123'), 'MT940 text kept', plain);
  const ret = one(mt([':60F:C260227GBP100,00', ':61:2603010301RD20,00NTRFX//Y', ':61:2603010301RC5,00NTRFX//Z', ':62F:C260301GBP115,00']));
  check(amounts(ret) === '20.00 -5.00' && verdicts(ret) === 'balances', 'MT940 RD gives back, RC takes away', ret);
  const german = one(mt([':60F:C260227GBP100,00', ':61:2603010301C20,00NTRFNONREF', ':86:166?00CREDIT?20EREF+E2E77?21SVWZ+care in?22 March?31601613?32LEE?33 ANN', ':62F:C260301GBP120,00']));
  check(german.statements?.[0].entries[0].end_to_end_id === 'E2E77' && /care in ?March/.test(german.statements[0].entries[0].remittance.join(' ')), 'MT940 structured text', german);
  const year = one(mt([':60F:C251230GBP100,00', ':61:2512310102C20,00NTRFNONREF', ':62F:C260102GBP120,00']));
  check(year.statements?.[0].entries[0].booked === '2026-01-02', 'MT940 entry date over the turn of the year', year);
  const pages = one(mt([':60F:C260227GBP100,00', ':61:260301C20,00NTRFA', ':62M:C260301GBP120,00']) + mt([':60M:C260301GBP120,00', ':61:260301C5,00NTRFB', ':62F:C260301GBP125,00']));
  check(amounts(pages) === '20.00 5.00' && !/differs|undecided/.test(verdicts(pages)), 'MT940 pages', pages);
  check(verdicts(one(mt(ENTRIES.map((l) => l.replace('112,5', '112,4'))))) === 'differs', 'MT940 wrong sum differs');
}

/* ---- CSV ---- */
const CSV = 'Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\r\n02/03/2026,DEB,\'60-16-13,00112233,"CARE, ""WEEK"" 9",7.50,,112.50\r\n01/03/2026,FPI,\'60-16-13,00112233,ANN LEE,,20.00,120.00\r\n';
{
  const f = one(CSV), wrong = one(CSV.replace('112.50', '113.50')), unknown = read([CSV.replace('Debit Amount', 'Debits perhaps')]);
  check(amounts(f).split(' ').sort().join(' ') === '-7.50 20.00' && verdicts(f) === 'balances' && JSON.stringify(f).includes('CARE, \\"WEEK\\" 9'), 'CSV quotes and running balance', f);
  check(verdicts(wrong) === 'differs', 'CSV wrong running balance differs', wrong);
  check(unknown.status === 2 && unknown.lines[0].error, 'CSV unknown header refused', unknown);
}

/* ---- cut off at every byte: refused, whole, or at the very least never said to balance while something is missing ---- */
function cut(name, text, whole, mayBeShort) {
  const bytes = Buffer.from(text), pieces = [];
  for (let n = 0; n < bytes.length; n++) pieces.push(bytes.subarray(0, n));
  const short = [];
  for (let i = 0; i < pieces.length; i += 400) {
    const r = read(pieces.slice(i, i + 400));
    r.lines.forEach((l, k) => { if (!l.error && !(amounts(l) === whole && verdicts(l) === 'balances') && !mayBeShort(l)) short.push([i + k, bytes.subarray(0, i + k).toString().slice(-60), amounts(l), verdicts(l)]); });
  }
  check(short.length === 0, `${name} cut off at any byte never passes for whole (${pieces.length} cuts, ${short.length} bad)`, short.slice(0, 4));
}
cut('camt.053', sample, '20.00 -7.50 99.00', () => false);
/* Cut before the opening balance there is nothing to lose; cut inside the digits of the closing one, the sum is wrong and says so. */
const nothing = (l) => amounts(l) === '' && l.statements.every((s) => s.opening === null && s.closing === null);
const wrongSum = (l) => amounts(l) === '20.00 -7.50' && verdicts(l) === 'differs';
cut('MT940', mt(ENTRIES), '20.00 -7.50', (l) => nothing(l) || wrongSum(l));
cut('MT940 in an envelope', mt(ENTRIES, '{1:F01NWBKGB2LAXXX0000000000}{2:I940NWBKGB2LXXXXN}{4:\r\n', '-}'), '20.00 -7.50', (l) => nothing(l) || wrongSum(l));
/* A CSV file says nowhere how long it is: whole rows that balance are all that can be known. */
cut('CSV', CSV, '20.00 -7.50', (l) => verdicts(l) !== 'balances' || amounts(l).split(' ').every((a) => ['-7.50', '20.00', ''].includes(a)));

rmSync(dir, { recursive: true });
console.log(`1..${tests}`);
process.exitCode = failed ? 1 : 0;
