// The directory for other people's programs: every page and item is what its own OpenAPI document says and nothing more, and strangers' manners are answered.
//   node --test tests/e2e/directory.test.mjs
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { require } from './harness.mjs';
import { openServer, root } from './server.mjs';

const Ajv = require('ajv/dist/2020').default;
const lists = ['services', 'service_at_locations', 'organizations', 'taxonomies', 'taxonomy_terms'];
const official = path.join(root, '../shared/conformance/open-referral-uk/schemas');
let site, base, openapi;

before(async () => {
  site = await openServer();
  base = `${site.base}/openreferral/v3`;
  openapi = await json('/openapi.json');
});
after(() => site?.close());

const ask = (address, options = {}) => fetch(base + address, { redirect: 'manual', ...options });
async function json(address, status = 200) {
  const r = await ask(address);
  assert.equal(r.status, status, address);
  assert.equal(r.headers.get('access-control-allow-origin'), '*', address);
  assert.match(r.headers.get('content-type'), /^application\/(problem\+)?json$/, address);
  return r.json();
}

// Every page of a list, each with the flags that a page must have.
async function walk(list, query = '') {
  const all = [];
  for (let n = 1, last = false; !last; n++) {
    const p = await json(`/${list}?page=${n}&${query}`);
    last = p.last_page;
    all.push(...p.contents);
    assert.deepEqual([p.page_number, p.size, p.empty, p.first_page, p.last_page], [n, p.contents.length, p.contents.length === 0, n === 1, n === p.total_pages]);
    if (last) assert.equal(p.total_items, all.length);
  }
  return all;
}

const formats = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, uri: (s) => /^https?:\/\/[!-~]+$/.test(s) && URL.canParse?.(s) !== false,
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, date: /^\d{4}-\d\d-\d\d$/,
};
// Our own schemas, in which nothing is allowed that is not named.
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || !schema) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([k, v]) => [k, k === '$ref' ? v.replace('#/components/schemas/', '#/$defs/') : closed(v)]));
  return schema.type === 'object' && schema.properties ? { ...all, unevaluatedProperties: false } : all;
}
function checker(address) {
  const ajv = new Ajv({ strict: false, formats });
  const $defs = closed(openapi.components.schemas);
  delete $defs.page.unevaluatedProperties;
  const of = openapi.paths[address].get.responses['200'].content['application/json'].schema;
  const check = ajv.compile({ $defs, ...(of.allOf ? { allOf: of.allOf.map((s) => (s.$ref ? closed(s) : { ...closed(s), unevaluatedProperties: undefined })).map((s) => JSON.parse(JSON.stringify(s))) } : closed(of)) });
  return (body) => assert.ok(check(body), `${address}: ${JSON.stringify(check.errors)}`);
}

test('it says what it is, with and without a slash at the end', async () => {
  for (const address of ['', '/'])
    assert.deepEqual(await json(address), { version: 'HSDS-UK-3.0', profile: 'https://docs.openreferraluk.org/', openapi_url: `${base}/openapi.json` });
  for (const list of lists) assert.deepEqual(await json(`/${list}/`), await json(`/${list}`));
});

for (const list of lists)
  test(`${list}: pages of any size hold the same in the same order, as the OpenAPI document says`, async () => {
    const ids = (await walk(list, 'per_page=1000')).map((x) => x.id);
    assert.ok(ids.length);
    assert.equal(new Set(ids).size, ids.length);
    for (const size of [1, 7]) assert.deepEqual((await walk(list, `per_page=${size}`)).map((x) => x.id), ids);
    checker(`/${list}`)(await json(`/${list}?per_page=1000`));
    const check = checker(`/${list}/{id}`);
    for (const id of ids) {
      const item = await json(`/${list}/${id}`);
      assert.equal(item.id, id);
      check(item);
    }
    const lines = (await (await ask(`/${list}?format=ndjson`)).text()).trim().split('\n').map((line) => JSON.parse(line).id);
    assert.deepEqual(lines.sort(), [...ids].sort());
    for (const id of [randomUUID(), 'x', '1', "'"]) await json(`/${list}/${encodeURIComponent(id)}`, 404);
  });

test('full lists hold what the items say', async () => {
  for (const list of lists) for (const item of await walk(list, 'full=true')) assert.deepEqual(item, await json(`/${list}/${item.id}`));
});

test('numbers that no page has are answered, and what cannot be read is named', async () => {
  const beyond = await json('/services?page=4000');
  assert.deepEqual([beyond.empty, beyond.size, beyond.first_page, beyond.last_page], [true, 0, false, false]);
  assert.ok((await json('/services?per_page=99999999999999999')).last_page);
  for (const bad of ['page=0', 'page=x', 'per_page=-1', 'format=xml', 'modified_after=soon', 'full=perhaps', 'day=x', 'start_time=99', 'proximity=far', 'search=%FF'])
    assert.match((await json(`/services?${bad}`, 400)).title, /could not be read/);
  await json('/nothing', 404);
});

test('several parameters mean "and"', async () => {
  const x = await walk('services', 'full=true');
  const found = async (query) => new Set((await walk('services', query)).map((s) => s.id));
  const term = x[0].attributes[0].taxonomy_term_id, organization = x[0].organization_id;
  const a = await found(`taxonomy_term_id=${term}`), b = await found(`organization_id=${organization}`), both = await found(`taxonomy_term_id=${term}&organization_id=${organization}`);
  assert.deepEqual([...a].sort(), x.filter((s) => s.attributes.some((t) => t.taxonomy_term_id === term)).map((s) => s.id).sort());
  assert.deepEqual([...both].sort(), [...a].filter((id) => b.has(id)).sort());
  const latest = x.map((s) => s.last_modified).sort().at(-1);
  assert.ok((await found(`modified_after=${latest}`)).has(x.find((s) => s.last_modified === latest).id));
  const minimal = await json('/services?minimal=true');
  assert.equal(minimal.total_pages, 1);
  assert.deepEqual(Object.keys(minimal.contents[0]).sort(), ['id', 'last_modified', 'modified_date']);
});

test('pages of other sites may read it, a session changes nothing, and what has not changed is not sent again', async () => {
  const options = await ask('/services', { method: 'OPTIONS', headers: { origin: 'https://other.example', 'access-control-request-method': 'GET' } });
  assert.deepEqual([options.status, options.headers.get('access-control-allow-origin'), options.headers.get('access-control-allow-methods')], [204, '*', 'GET, HEAD, OPTIONS']);
  const head = await ask('/services', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('access-control-allow-origin'), await head.text()], [200, '*', '']);
  const post = await ask('/services', { method: 'POST' });
  assert.deepEqual([post.status, post.headers.get('allow'), post.headers.get('access-control-allow-origin')], [405, 'GET, HEAD, OPTIONS', '*']);
  for (const accept of ['text/html', 'text/csv', 'application/xml', '*/*'])
    assert.equal((await ask('/services', { headers: { accept } })).headers.get('content-type'), 'application/json');
  const plain = await ask('/services'), body = await plain.text(), tag = plain.headers.get('etag');
  for (const cookie of [undefined, 'marketcross=0123456789abcdef'])
    assert.equal(await (await ask('/services', { headers: cookie ? { cookie } : {} })).text(), body);
  const again = await ask('/services', { headers: { 'if-none-match': tag } });
  assert.deepEqual([again.status, again.headers.get('access-control-allow-origin'), await again.text()], [304, '*', '']);
  assert.equal((await ask('/services', { headers: { 'if-none-match': '"other"' } })).status, 200);
});

test('the official schemas hold, formats asserted', { skip: !existsSync(official) && 'no ../shared' }, async () => {
  const names = { services: 'service', service_at_locations: 'service_at_location', taxonomies: 'taxonomy', taxonomy_terms: 'taxonomy_term' };
  for (const [list, name] of Object.entries(names)) {
    const check = (file) => new Ajv({ strict: false, formats, validateSchema: false, logger: false }).compile(
      Object.assign(JSON.parse(readFileSync(path.join(official, `${file}.json`))), { allOf: undefined }));
    const page = check(`${name}_list`), one = check(name);
    assert.ok(page(await json(`/${list}?per_page=1000`)), JSON.stringify(page.errors));
    for (const { id } of await walk(list)) assert.ok(one(await json(`/${list}/${id}`)), JSON.stringify(one.errors));
  }
});
