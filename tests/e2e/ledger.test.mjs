// The ledger of a year as a file of any length: every entry once, in order, its sum nothing; whole, or seen not to be; for nobody who may not see it.
//   node --test tests/e2e/ledger.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Client, Town, eventually, textOf } from './harness.mjs';

let town, auditor, year, path;
const name = (role, council) => town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.role = '${role}' AND h.council_id = ${council} LIMIT 1`)[0][0];
// About 10 MB: more than the buffers between server and client hold, so that a file is never made before it is taken.
const journals = 12_000, words = 300;

before(async () => {
  town = await Town.open();
  town.sql(`SELECT set_config('mc.council', '1', false), set_config('mc.account', account_id::text, false), set_config('mc.role', role, false) FROM identity.hat WHERE council_id = 1 AND role = 'finance' LIMIT 1;
    SELECT ledger.post_pairs(ARRAY(SELECT ROW(ledger.key('long ' || n), 'rounding', 'LONG-' || n || repeat(' long', ${words / 5}), ledger.account_open('suspense', 'LONG'), ledger.account_open('rounding', 'LONG'), n, NULL)::ledger.pair
      FROM generate_series(1, ${journals}) n)) IS NULL`);
  year = town.sql('SELECT starts_on FROM ledger.period WHERE council_id = 1 ORDER BY starts_on DESC LIMIT 1')[0][0];
  path = `/council/periods/${year}/ledger`;
  await town.serve();
  auditor = new Client(town);
  await auditor.signIn(name('auditor', 1));
});
after(() => town?.close());

const cookieOf = (client) => [...client.jar].map(([k, v]) => `${k}=${v}`).join('; ');
const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]);

test('the page says what the year comes to, and where to take it along', async () => {
  const said = textOf((await auditor.get(path)).text);
  const entries = town.sql(`SELECT count(*) FROM ledger.journal j JOIN ledger.period p ON p.id = j.period_id JOIN ledger.entry e ON (e.council_id, e.journal_id) = (j.council_id, j.id)
    WHERE j.council_id = 1 AND p.starts_on = '${year}'`)[0][0];
  assert.match(said, /Debits and credits agree/);
  assert.match(said, new RegExp(`Download every entry as CSV : ${Number(entries).toLocaleString('en-GB')} lines|Download every entry as CSV : ${entries} lines`));
  assert.match((await auditor.get('/council/periods')).text, new RegExp(`href="${path}"`));
  assert.match((await auditor.get(`${path}.csv`)).text, /^\uFEFF?kind,accounts,entries,debits,credits\r\n/);
});

test('every entry is there once, in order, and they come to nothing', async () => {
  const csv = await auditor.get(`${path}/entries.csv`), [head, ...lines] = csv.text.replace(/^\uFEFF/, '').trim().split('\r\n').map(cells);
  assert.equal(csv.status, 200);
  assert.equal(csv.headers.get('transfer-encoding'), 'chunked');
  assert.match(csv.headers.get('content-disposition'), new RegExp(`filename="ledger-${year}.csv"`));
  assert.match(csv.headers.get('content-security-policy'), /default-src 'none'/);
  const at = (column) => head.indexOf(column), wanted = town.sql(`SELECT e.journal_id, e.line, e.amount FROM ledger.journal j JOIN ledger.period p ON p.id = j.period_id
    JOIN ledger.entry e ON (e.council_id, e.journal_id) = (j.council_id, j.id) WHERE j.council_id = 1 AND p.starts_on = '${year}' ORDER BY 1, 2`);
  assert.ok(lines.length > 2 * journals, `${lines.length} entries are more than a part`);
  assert.deepEqual(lines.map((l) => [l[at('journal')], l[at('line')], String(Math.round(Number(l[at('amount')]) * 100))]), wanted.map((w) => w.map(String)));
  assert.equal(wanted.reduce((sum, w) => sum + Number(w[2]), 0), 0);
  assert.ok(lines.some((l) => l[at('actor')] && l[at('person_ref')] && l[at('account_kind')] === 'budget'), 'who did it, and whose money it was');
});

test('it is the same over HTTP/1.0, and whoever only asks for the head gets no entry', async () => {
  const raw = (request) => new Promise((done, failed) => {
    const socket = net.connect(new URL(town.url).port, 'localhost', () => socket.write(`${request}\r\nHost: localhost\r\nCookie: ${cookieOf(auditor)}\r\nConnection: close\r\n\r\n`));
    let text = '';
    socket.on('data', (d) => { text += d; }).on('end', () => done(text)).on('error', failed);
  });
  const whole = (await auditor.get(`${path}/entries.csv`)).text, old = await raw(`GET ${path}/entries.csv HTTP/1.0`), head = await raw(`HEAD ${path}/entries.csv HTTP/1.1`);
  assert.equal(Buffer.from(old.slice(old.indexOf('\r\n\r\n') + 4)).length, Buffer.from(whole).length);
  assert.match(head, /^HTTP\/1.1 200 OK\r\n/);
  assert.equal(head.slice(head.indexOf('\r\n\r\n') + 4), '');
});

test('whoever goes in the middle leaves nothing behind, and the next one is served', async () => {
  for (let n = 0; n < 20; n++) {
    await new Promise((done) => {
      const socket = net.connect(new URL(town.url).port, 'localhost', () => socket.write(`GET ${path}/entries.csv HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookieOf(auditor)}\r\n\r\n`));
      socket.once('data', () => { socket.resetAndDestroy(); done(); });
    });
  }
  assert.ok(await eventually('no request under way', async () => (await auditor.get(`${path}/entries.csv`)).status === 200));
});

// Read by curl, which tells a connection that was reset (56) from one that ended: the end of the connection is all that HTTP/1.0 has to say that a file is whole.
for (const [version, codes] of [['1.0', [56]], ['1.1', [18, 56]]])
  test(`a session that ends in the middle cuts the file off, over HTTP/${version}`, async () => {
    const leaver = new Client(town);
    await leaver.signIn(name('auditor', 1));
    const curl = spawn('curl', ['-s', '-N', `--http${version}`, '-H', `Cookie: ${cookieOf(leaver)}`, `${town.url}${path}/entries.csv`], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(curl.stdout, 'readable'); // nothing more is made than is taken
    town.sql(`UPDATE identity.session SET ended_at = now() WHERE token_sha256 = (SELECT token_sha256 FROM identity.session ORDER BY created_at DESC LIMIT 1)`);
    curl.stdout.resume();
    const [code] = await once(curl, 'close');
    assert.ok(codes.includes(code), `curl ended with ${code}`);
  });

test('another council and other roles find nothing there', async () => {
  for (const [role, council, status] of [['auditor', 2, 404], ['commissioner', 1, 403], ['holder', 1, 403]]) {
    const other = new Client(town);
    await other.signIn(name(role, council));
    for (const p of [path, `${path}/entries.csv`]) {
      const answer = await other.get(p);
      if (council === 2) assert.doesNotMatch(answer.text, /LONG-1/);
      else assert.equal(answer.status, status, `${role} ${p}`);
    }
  }
  assert.equal((await auditor.get('/council/periods/1999-04-01/ledger')).status, 404);
  assert.equal((await auditor.get('/council/periods/no-year/ledger/entries.csv')).status, 404);
});
