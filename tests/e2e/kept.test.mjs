// Catalogue pages kept in memory: a change shows within a second, also after the database was away, and nothing of a session is ever in them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openServer, until, Visitor } from './server.mjs';

let site, listing, path;
const kept = async () => Number(/^marketcross_http_answers_kept_total\{worker="1"\} (\d+)/m.exec(await (await fetch(`http://127.0.0.1:${site.settings.metrics_port}/metrics`)).text())[1]);
const get = async (address, headers = {}) => (await fetch(site.base + address, { headers })).text();
/** Asks until the page comes from memory: the first answers after a change are made anew. */
const warm = async (address) => {
  const start = await kept();
  await until(`${address} is kept`, async () => { await get(address); return (await kept()) > start; });
};
const shows = (what, address, marker) => until(what, async () => (await get(address)).includes(marker), 1000);

before(async () => {
  site = await openServer({ set: { metrics_port: 20000 + Math.floor(Math.random() * 20000) } });
  [[listing]] = site.rows(`SELECT l.ref FROM catalogue.listing l WHERE l.status = 'published' AND EXISTS (SELECT FROM catalogue.agreed_price a WHERE a.listing_id = l.id AND a.council_id = 1
    AND current_date BETWEEN a.valid_from AND coalesce(a.valid_to, current_date)) ORDER BY l.id LIMIT 1`);
  path = new URL((await fetch(`${site.base}/services/${listing}`)).url).pathname;
});
after(() => site?.close());

test('a change of the catalogue shows within a second on every kind of page', async () => {
  const [[organisation, category]] = site.rows(`SELECT o.ref, l.category FROM catalogue.listing l JOIN identity.organisation o ON o.id = l.organisation_id WHERE l.ref = '${listing}'`);
  const storefront = new URL((await fetch(`${site.base}/providers/${organisation}`)).url).pathname;
  const pages = [path, storefront, `/categories/${category}`, '/services?q=xylophoning', '/services.json?q=xylophoning', '/'];
  await warm(path);
  await warm(storefront);
  for (const page of pages) await get(page);
  site.psql(`UPDATE catalogue.listing SET title = 'Xylophoning at home' WHERE ref = '${listing}'; UPDATE catalogue.category SET about = 'Xylophoning and more.' WHERE parent IS NULL;`);
  await Promise.all([
    shows('the listing', (await fetch(`${site.base}/services/${listing}`)).url.slice(site.base.length), 'Xylophoning at home'),
    shows('the storefront', storefront, 'Xylophoning at home'), shows('the search', '/services?q=xylophoning', 'Xylophoning at home'),
    shows('the list', '/services.json?q=xylophoning', 'Xylophoning at home'), shows('the home page', '/', 'Xylophoning and more'),
  ]);
  // A storefront of somebody without a listing has no search document to be written again.
  site.psql(`UPDATE catalogue.listing SET status = 'closed' WHERE organisation_id = (SELECT id FROM identity.organisation WHERE ref = '${organisation}') AND ref <> '${listing}'`);
  await warm(storefront);
  site.psql(`UPDATE catalogue.storefront SET summary = 'We play for you.' WHERE organisation_id = (SELECT id FROM identity.organisation WHERE ref = '${organisation}')`);
  await shows('the storefront says it', storefront, 'We play for you.');
  path = new URL((await fetch(`${site.base}/services/${listing}`)).url).pathname;
});

test('a review that is changed, answered or hidden shows so within a second, on the service, the storefront and the list of reviews', async () => {
  const [[ref, service, organisation]] = site.rows(`SELECT r.ref, l.ref, o.ref FROM catalogue.review_shown r JOIN catalogue.listing l ON l.id = r.listing_id JOIN identity.organisation o ON o.id = r.organisation_id
    WHERE r.reply IS NULL ORDER BY r.id LIMIT 1`);
  const at = async (address) => new URL((await fetch(site.base + address)).url).pathname;
  const pages = [await at(`/services/${service}`), await at(`/providers/${organisation}`), `/reviews/${service}`, `/reviews/${organisation}.json`];
  const everywhere = async (what, sql, marker, isThere = true) => {
    for (const page of pages) await warm(page);
    site.psql(`UPDATE catalogue.review SET ${sql} WHERE ref = '${ref}'`);
    await Promise.all(pages.map((page) => until(`${page}: ${what}`, async () => (await get(page)).includes(marker) === isThere, 1000)));
  };
  await everywhere('changed', "words = 'They hummed.'", 'They hummed.');
  await everywhere('answered', "reply = 'We shall whistle.', replied_at = now(), replied_by = account_id", 'We shall whistle.');
  await everywhere('hidden', "state = 'hidden'", 'They hummed.', false);
});

test('what was missed while the connection was away is made up for', async () => {
  await warm(path);
  site.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mc_web'; UPDATE catalogue.listing SET summary = 'Said while nobody listened.' WHERE ref = '${listing}';`);
  await until('the new words', async () => (await get(path)).includes('Said while nobody listened.'), 10000);
  await warm(path);
  assert.match(await get(path), /Said while nobody listened/);
});

test('an agreed price is never in a page for others, whoever fills or reads the memory', async () => {
  site.psql(`UPDATE catalogue.agreed_price SET price = 98765 WHERE listing_id = (SELECT id FROM catalogue.listing WHERE ref = '${listing}') AND council_id = 1`);
  const [[hat]] = site.rows(`SELECT id FROM identity.hat WHERE council_id = 1 AND role = 'commissioner' LIMIT 1`);
  const officer = await new Visitor(site).become(1, hat);
  const [[other]] = site.rows(`SELECT ref FROM catalogue.listing WHERE status = 'published' AND ref <> '${listing}' ORDER BY id LIMIT 1`);
  const addresses = [path, `/compare?id=${listing}+${other}&weekdays=1`, `/compare.json?id=${listing}+${other}`, '/services?q=xylophoning', '/services?q=xylophoning&sort=price', '/services.json?q=xylophoning'];
  for (const address of addresses) {
    assert.match((await officer.get(address)).text, /987[.,]65/, `${address}: the officer sees it, or this test sees nothing`);
    for (let n = 0; n < 20; n++) {
      const [mine, theirs, bearer] = await Promise.all([officer.get(address), get(address), get(address, { authorization: 'Bearer x', accept: 'text/html' })]);
      assert.match(mine.text, /987[.,]65/);
      for (const text of [theirs, bearer]) assert.doesNotMatch(text, /987[.,]65|Commissioner/, address);
    }
    await warm(address);
    assert.doesNotMatch(await get(address), /987[.,]65|Commissioner/);
    assert.match((await officer.get(address)).text, /987[.,]65/);
  }
});

test('a request with a cookie is answered by the database; forms with a key are nobody else’s', async () => {
  await warm(path);
  await new Promise((done) => setTimeout(done, 1200)); // the counter is copied out once a second
  const start = await kept();
  for (let n = 0; n < 5; n++) await get(path, { cookie: 'theme=dark' });
  await new Promise((done) => setTimeout(done, 1200));
  assert.equal(await kept(), start);
  const key = (html) => /name="key" value="([^"]+)"/.exec(html)?.[1];
  const keys = [];
  for (let n = 0; n < 3; n++) keys.push(key(await get('/feedback')), key(await get('/join/apply')));
  assert.equal(new Set(keys).size, keys.length);
  assert.doesNotMatch(await get(path), /name="(csrf|key)"/);
});

test('the same page in every form that a client may ask for', async () => {
  await warm(path);
  const plain = await fetch(site.base + path, { headers: { 'accept-encoding': 'identity' } });
  const first = await fetch(site.base + path, { headers: { 'accept-encoding': 'gzip' } });
  const again = await fetch(site.base + path, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  for (const r of [first, again]) {
    assert.equal(r.headers.get('content-encoding'), null);
    assert.match(r.headers.get('content-security-policy'), /default-src 'none'/);
    assert.equal(r.headers.get('cache-control'), 'private, no-cache');
  }
  assert.notEqual(first.headers.get('x-request-id'), again.headers.get('x-request-id'));
  const [a, b, c] = await Promise.all([plain.text(), first.text(), again.text()]);
  assert.equal(a, b);
  assert.equal(a, c);
  const json = await fetch(site.base + path, { headers: { accept: 'application/json' } });
  assert.equal(json.headers.get('content-type'), 'application/json');
  assert.ok(JSON.parse(await json.text()));
  const head = await fetch(site.base + path, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});

test('a program that asks for an icon, without having read a page, is led to it', async () => {
  for (const method of ['GET', 'HEAD']) {
    const asked = await fetch(`${site.base}/favicon.ico`, { method, redirect: 'manual' });
    assert.equal(asked.status, 302);
    assert.equal(asked.headers.get('set-cookie'), null);
    const icon = await fetch(site.base + asked.headers.get('location'));
    assert.equal(icon.headers.get('content-type'), 'image/svg+xml');
  }
});
