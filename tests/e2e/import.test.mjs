// Another directory's feed through the real command and its jail: twice without doubling, then with one service changed, one closed and one gone.
//   node --test tests/e2e/import.test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase, program, root } from './server.mjs';

let db;

before(() => {
  db = openDatabase({ town: false });
  db.psql(`SET ROLE mc_owner; INSERT INTO identity.council (id, slug, name, phone, email) VALUES (1, 'testshire', 'Testshire Council', '01632 960000', 'hello@testshire.example')`);
});
after(() => db?.close());

const service = (n, more = {}) => ({
  id: `5f0c2a10-0000-4000-8000-00000000000${n}`, name: `Club ${n}`, description: `<p>Tea &amp; talk ${n}</p>`, status: 'active', url: `https://club${n}.example/`, email: null,
  organization: { id: '5f0c2a10-0000-4000-8000-0000000000ff', name: 'Tea Trust', description: 'Tea' }, unknown: { deep: [1, null] },
  service_at_locations: [{ location: { latitude: 53.4, longitude: -2.3, addresses: [{ address_1: `${n} Mill Lane`, city: 'Anytown', postal_code: `AB1 ${n}DE` }] } }],
  schedules: [{ dtstart: '2026-01-06', freq: 'WEEKLY', byday: 'TU,FR', opens_at: '12:00Z', closes_at: '14:00Z', description: 'In the hall' }], minimum_age: 18, maximum_age: null, ...more,
});
const page = (...contents) => JSON.stringify({ total_items: contents.length, total_pages: 1, page_number: 1, size: contents.length, contents });

// The numbers of the summary: added, changed, unchanged, duplicates, faults, proposed, values.
function feed(text, name = 'feed.json') {
  const file = path.join(db.dir, name);
  writeFileSync(file, text);
  const r = spawnSync(program, ['import', 'entries', '--council', '1', '--map', path.join(root, 'config/maps/open-referral.map'), '--database', db.conninfo('mc_jobs'),
    '--errors', path.join(db.dir, 'errors.csv'), '--progress', 'never', file], { encoding: 'utf8' });
  return { code: r.status, said: r.stderr, sums: [...(r.stdout + r.stderr).matchAll(/^ {2}\D+?(\d+)\b/gm)].map((m) => Number(m[1])) };
}
const entries = () => db.rows(`SELECT name, status FROM catalogue.entry ORDER BY name`).map((r) => r.join(' '));

test('a page, and the same again', () => {
  const first = page(service(1), service(2), service(3), service(2, { name: 'Club 2 again' }), { ...service(4), status: 'inactive' });
  for (const sums of [[3, 0, 0, 1, 0, 0, 0], [0, 0, 3, 1, 0, 0, 0]]) {
    const { code, sums: got } = feed(first);
    assert.deepEqual([code, got], [0, sums]);
  }
  assert.deepEqual(entries(), ['Club 1 published', 'Club 2 published', 'Club 3 published']);
  assert.deepEqual(db.rows(`SELECT replace(description, E'\\n', '/'), web, address, postcode, lat, opens, hours, minimum_age FROM catalogue.entry WHERE name = 'Club 1'`),
    [['Tea & talk 1/Run by Tea Trust.', 'https://club1.example/', '1 Mill Lane, Anytown', 'AB1 1DE', '53.4', 'In the hall', '2 12:00 14:00|5 12:00 14:00', '18']]);
});

test('the same as lines', () => {
  assert.deepEqual(feed([1, 2, 3].map((n) => JSON.stringify(service(n))).join('\n'), 'feed.ndjson').sums, [0, 0, 3, 0, 0, 0, 0]);
});

test('one changed, one closed, one gone: nothing is hidden without a person', () => {
  assert.deepEqual(feed(page(service(1, { description: 'More tea' }), { ...service(2), status: 'temporarily closed' })).sums, [0, 1, 0, 0, 0, 2, 0]);
  assert.deepEqual(entries(), ['Club 1 published', 'Club 2 proposed_hide', 'Club 3 proposed_hide']);
  assert.deepEqual(feed(page(service(1, { description: 'More tea' }), service(2), service(3))).sums, [0, 2, 1, 0, 0, 0, 0]);
  assert.deepEqual(entries(), ['Club 1 published', 'Club 2 published', 'Club 3 published']);
});

test('an answer that is an error, and what is no JSON, change nothing', () => {
  assert.equal(feed('{"error":"try later"}').code, 65);
  const broken = feed('{"contents":[{]}');
  assert.equal(broken.code, 65);
  assert.match(broken.said, /line 1, column/);
  assert.deepEqual(entries(), ['Club 1 published', 'Club 2 published', 'Club 3 published']);
});
