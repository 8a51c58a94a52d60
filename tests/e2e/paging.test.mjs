// Lists in pages: a page behind the last, or one that is no number, leads to the first with everything else kept; all lists of the route table.
//   node --test tests/e2e/paging.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, root, textOf } from './harness.mjs';

let town;
const program = resolve(root, process.env.BINARY ?? 'build/release/marketcross');
const routes = execFileSync(program, ['routes'], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split('\t'))
  .map(([method, pattern, hats, , where, handler]) => ({ method, pattern, hats: hats.split(','), paged: / paged/.test(where), plan: handler.split(' ')[0] }));
const paged = routes.filter((r) => r.paged);

before(async () => {
  town = await Town.open();
  await town.serve();
});
after(() => town?.close());

const as = async (role) => {
  const client = new Client(town), [name] = role === 'anyone' ? [null] : town.sql(`SELECT a.name FROM identity.hat h JOIN identity.account a ON a.id = h.account_id WHERE h.council_id = 1 AND h.role = '${role}'
    AND h.ended_at IS NULL AND (SELECT count(*) FROM identity.hat x WHERE x.account_id = a.id) = 1 ORDER BY h.id LIMIT 1`)[0];
  if (name) await client.signIn(name);
  return client;
};

test('every list in pages of the route table sends an impossible page to the first, with the rest kept', async () => {
  const refs = {
    person: town.sql(`SELECT ref FROM identity.person WHERE council_id = 1 LIMIT 1`)[0][0],
    ref: town.sql(`SELECT ref FROM identity.organisation LIMIT 1`)[0][0],
    run: town.sql(`SELECT ref FROM payments.run WHERE council_id = 1 LIMIT 1`)[0]?.[0] ?? 'ZZZZ-ZZZ2',
    statement: town.sql(`SELECT ref FROM payments.statement WHERE council_id = 1 LIMIT 1`)[0]?.[0] ?? 'ZZZZ-ZZZ2',
  };
  const wrong = [];
  let asked = 0;
  for (const { pattern, hats } of paged) {
    const role = pattern.startsWith('[') && !hats.includes('holder') ? null : hats[0];
    if (!role) continue; // the same plan stands for everyone in the row before
    const client = await as(role), path = pattern.replace('[/for/{person}]', '').replace(/\{(\w+)\}/g, (_, name) => refs[name]);
    for (const page of ['999', '99999999999999999999', '0', '-1', 'abc', '1.5', '']) {
      asked++;
      const answer = await client.send(`${path}?state=approved&page=${page}&q=tea%20%26%20cake`);
      if (answer.status !== 303 || answer.location !== `${path}?state=approved&q=tea%20%26%20cake`) wrong.push(`${path}?page=${page}: ${answer.status} ${answer.location}`);
    }
    const first = await client.send(`${path}?page=1`);
    if (first.status === 303) wrong.push(`${path}?page=1: ${first.location}`);
    const rows = await client.send(`${path}.json?page=999`);
    if (rows.status === 200 ? rows.text.trim() !== '[]' : rows.status !== 404) wrong.push(`${path}.json?page=999: ${rows.status} ${rows.text.slice(0, 60)}`);
  }
  console.log(`# ${paged.length} lists, ${asked} impossible pages`);
  assert.deepEqual(wrong, []);
});

test('every query that gives a page belongs to a route that says so', () => {
  const sources = ['payments', 'catalogue', 'daemon/identity'].flatMap((dir) => readdirSync(join(root, dir)).filter((f) => f.endsWith('.c')).map((f) => readFileSync(join(root, dir, f), 'utf8')));
  const functions = sources.flatMap((text) => [...text.matchAll(/^(?:static )?\w[\w *]*?\b(\w+)\([^;{]*\)\n\{\n([^]*?)^\}/gm)].map(([, name, body]) => ({ name, body })));
  const plans = new Set(paged.map((r) => r.plan));
  const queries = ['payments', 'catalogue', 'identity'].flatMap((dir) => readdirSync(join(root, 'sql/queries', dir)).map((f) => [f.slice(0, -4), readFileSync(join(root, 'sql/queries', dir, f), 'utf8')]))
    .filter(([, text]) => /^-- params:.*\bpage int/m.test(text) && /^-- rows: many/m.test(text));
  assert.ok(queries.length >= 18);
  for (const [name, text] of queries) {
    const users = functions.filter((f) => f.body.includes(`sql_${name}_add(`)).map((f) => f.name);
    assert.ok(users.some((user) => plans.has(user)), `${name} is planned by ${users}: none of them is the plan of a route marked ROUTE_PAGED`);
    // What only goes along with another list of the same page has no size of its own.
    assert.ok(/^-- page: \d+/m.test(text) || name === 'entry_explanations', `${name} says how long a page is`);
  }
});

test('a full page offers another only where there is one', async () => {
  const auditor = await as('auditor'), address = '/council/audit/log/checks';
  const fill = (n) => town.sql(`INSERT INTO audit.log_check (council_id, block, events, journals, findings) SELECT 1, 1, 1, 1, 0 FROM generate_series(1, ${n})`);
  const rows = async (path) => JSON.parse((await auditor.get(path)).text).length;
  const now = Number(town.sql('SELECT count(*) FROM audit.log_check WHERE council_id = 1')[0][0]);
  fill(50 - now);
  assert.doesNotMatch((await auditor.get(address)).text, /checks\?page=2/);
  assert.equal((await auditor.send(`${address}?page=2`)).location, address);
  fill(1);
  const page = (await auditor.get(address)).text;
  assert.match(page, /checks\?page=2/);
  assert.equal(page.match(/<tr class="govuk-table__row"><td/g).length, 50);
  assert.equal(await rows(`${address}.json`), 50);
  assert.equal(await rows(`${address}.json?page=2`), 1);
  assert.equal((await auditor.get(`${address}.csv`)).text.trim().split('\n').length, 52, 'a file is the whole list');
});

test('words of which no entry has all are found page by page', async () => {
  const visitor = new Client(town);
  const any = town.sql(`SELECT word FROM ts_stat('SELECT words FROM catalogue.search_doc') JOIN catalogue.word USING (word) WHERE length(word) > 3 ORDER BY ndoc DESC LIMIT 30`).flat();
  assert.ok(any.length > 1);
  let seen = 0;
  for (let i = 0; i + 1 < any.length && seen < 3; i++)
    for (const other of any.slice(i + 1)) {
      const path = `/services?q=${any[i]}+${other}`, first = await visitor.get(path);
      if (!/Nothing has all of your words/.test(textOf(first.text)) || !first.text.includes('page=2')) continue;
      seen++;
      const second = await visitor.send(path.replace('?', '?page=2&'));
      assert.equal(second.status, 200, `the second page of ${path}`);
      if (seen === 3) break;
    }
  assert.ok(seen > 0, 'there is such a search in the town');
});
