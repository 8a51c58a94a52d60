// Nobody else's page writes in your name, nobody frames ours, and a session begins and ends when it should.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Visitor, openServer, program, setCookies, until } from './server.mjs';

let site, posts, gets, hats;
const visitor = () => new Visitor(site);
const row = (sql) => site.rows(sql)[0];

before(async () => {
  site = await openServer();
  const routes = execFileSync(program, ['routes'], { encoding: 'utf8' }).trim().split('\n').map((l) => l.split('\t'));
  const plain = (p) => p.replace('[/for/{person}]', '').replace('{council}', '1').replace(/\{\w+\}/g, 'ZZZZ-ZZZ2');
  posts = routes.filter(([m]) => m !== 'GET').map(([method, pattern, who]) => ({ method, address: plain(pattern), hats: who.split(',') }));
  gets = routes.filter(([m, p]) => m === 'GET' && !p.startsWith('[')).map(([, pattern, who]) => ({ address: plain(pattern), hats: who.split(',') }));
  hats = Object.fromEntries(site.rows(`SELECT DISTINCT ON (role) role, id, account_id FROM identity.hat WHERE council_id = 1 ORDER BY role, id`).map(([role, hat, account]) => [role, { hat, account }]));
});
after(() => site?.close());

const countRows = () => {
  const tables = site.rows(`SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'r' AND nspname IN ('mc', 'identity', 'catalogue', 'ledger', 'payments', 'audit', 'jobs')
    AND c.oid::regclass::text NOT IN ('audit.seal', 'audit.sealed_event', 'audit.sealed_journal', 'audit.unsealed') ORDER BY 1`).flat();
  return site.psql(`${tables.map((t) => `SELECT '${t} ' || count(*) FROM ${t}`).join(' UNION ALL ')}; SELECT 'live ' || count(*) FROM identity.session WHERE ended_at IS NULL;`);
};

test('no writing route takes a form that is not from a page of ours, for this session', async () => {
  const wrong = [];
  let cells = 0;
  const people = new Map([['visitor', { me: visitor(), somebody: visitor() }]]);
  await people.get('visitor').somebody.become(1, hats.holder.hat);
  for (const role of Object.keys(hats)) {
    const [other] = site.rows(`SELECT council_id, id FROM identity.hat WHERE account_id <> ${hats[role].account} AND role IN ('${role}', 'holder') ORDER BY role = '${role}' DESC LIMIT 1`);
    people.set(role, { me: await visitor().become(1, hats[role].hat), somebody: await visitor().become(...other) });
  }
  const before = countRows();
  for (const p of posts) {
    const role = p.hats.find((h) => people.has(h)) ?? (p.hats[0] === 'anyone' ? 'holder' : null);
    if (!role) continue;
    for (const [who, { me, somebody }] of [[role, people.get(role)], ...(p.hats[0] === 'anyone' ? [['visitor', people.get('visitor')]] : [])]) {
      const mine = await me.csrf(), theirs = await somebody.csrf(), key = randomUUID();
      assert.ok(mine.length >= 32 && theirs.length >= 32 && mine !== theirs, 'a token each');
      const form = (fields) => new URLSearchParams({ key, email: 'somebody@town.example', password: 'a long password', ...fields }).toString();
      const tries = {
        'no token': [form({}), {}],
        'an empty token': [form({ csrf: '' }), {}],
        'a token cut short': [form({ csrf: mine.slice(0, -1) }), {}],
        "somebody else's token": [form({ csrf: theirs }), {}],
        'the token in the address only': [form({}), {}, `?csrf=${mine}`],
        'a foreign Origin': [form({ csrf: mine }), { origin: 'https://evil.example' }],
        'an opaque Origin': [form({ csrf: mine }), { origin: 'null' }],
        'a cross-site fetch': [form({ csrf: mine }), { 'sec-fetch-site': 'cross-site' }],
        'a same-site neighbour': [form({ csrf: mine }), { 'sec-fetch-site': 'same-site' }],
        'JSON from a foreign page': ['{}', { origin: 'https://evil.example', 'content-type': 'application/json', 'idempotency-key': key }],
        'JSON in a simple type': ['{"csrf":"x"}', { 'content-type': 'text/plain' }],
      };
      for (const [what, [body, headers, query = '']] of Object.entries(tries)) {
        const answer = await me.send(p.method, p.address + query, { body, headers });
        cells++;
        // Programs carry their key in a header of its own, which no foreign page can set: without it the request is not understood.
        const refused = what === 'JSON in a simple type' ? [400, 403, 415] : p.address.startsWith('/api/') ? [400, 403] : [403];
        if (!refused.includes(answer.status)) wrong.push(`${p.method} ${p.address} as ${who} with ${what}: ${answer.status}`);
      }
    }
  }
  console.log(`# ${cells} forged requests`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(countRows(), before, 'no row was added or removed, no session ended');
});

test('every answer carries the headers that keep a browser in bounds', async () => {
  const wrong = [];
  const asset = /href="(\/assets\/[^"]+\.css)"/.exec((await visitor().get('/')).text)[1];
  const seers = [['visitor', visitor()]];
  for (const role of Object.keys(hats)) seers.push([role, await visitor().become(1, hats[role].hat)]);
  const addresses = [...gets.map((g) => g.address), '/no-such-page', '/services?max_price=x', '/services/%ff', '/for/ZZZZ-ZZZ2/money', '/services.json', '/openreferral/v3/services'];
  const seen = {};
  let pages = 0;
  for (const [role, who] of seers) {
    for (const address of addresses) {
      const { status, headers, text } = await who.get(address);
      const has = (name, re) => re.test(headers.get(name) ?? '') || wrong.push(`${address} as ${role} (${status}): ${name}: ${headers.get(name)}`);
      if (address === '/services/%ff') { assert.equal(status, 400); continue; } // refused by the codec: no page, the connection ends
      pages++;
      has('content-security-policy', /default-src 'none'/);
      has('content-security-policy', /frame-ancestors 'none'/);
      has('content-security-policy', /base-uri 'none'/);
      has('content-security-policy', /form-action 'self'/);
      if (/unsafe|nonce-|\*|data:|https?:/.test(headers.get('content-security-policy'))) wrong.push(`${address}: ${headers.get('content-security-policy')}`);
      has('x-content-type-options', /^nosniff$/);
      has('referrer-policy', /^no-referrer$/);
      has('cross-origin-opener-policy', /^same-origin$/);
      // Open data may be kept, because whoever asks gets the same of it.
      const isOpen = address.startsWith('/openreferral');
      if (isOpen && status === 200 && text !== (seen[address] ??= text)) wrong.push(`${address} is another one for ${role}`);
      if (role !== 'visitor' && !(isOpen && status === 200)) has('cache-control', /no-store/);
      if (/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/i.test(text.replace(/<pre[\s\S]*?<\/pre>/g, ''))) wrong.push(`${address}: inline script or style`);
      if (/server|x-powered-by/i.test([...headers.keys()].join(' '))) wrong.push(`${address}: says what it runs on`);
    }
  }
  const { headers } = await visitor().get(asset);
  assert.match(headers.get('cache-control'), /immutable/, 'assets are kept');
  assert.equal(headers.get('x-content-type-options'), 'nosniff', 'and not sniffed');
  console.log(`# ${pages} answers`);
  assert.deepEqual(wrong, []);
});

const raw = async (who, method, address, fields) => {
  const body = fields && new URLSearchParams({ csrf: await who.csrf(), key: randomUUID(), ...fields }).toString();
  return who.send(method, address, { body });
};

test('a session begins with a new token, changes it with the hat, and is dead when it ended', async () => {
  const me = visitor();
  // Somebody planted a cookie of their choice.
  me.cookie = `s=${'ab'.repeat(32)}`;
  const planted = me.cookie;
  const answer = await raw(me, 'POST', `/demo/sign-in/1/${hats.provider.hat}`, {});
  assert.equal(answer.status, 303);
  const set = setCookies(answer.headers);
  assert.equal(set.length, 1);
  assert.match(set[0], /^s=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax$/, 'over plain loopback; __Host- and Secure with TLS');
  assert.notEqual(me.cookie, planted, 'a planted token is not taken over');
  const first = me.cookie;
  const isAlive = async (cookie) => { const w = visitor(); w.cookie = cookie; return (await w.get('/hats')).status === 200; };
  assert.ok(await isAlive(first) && !(await isAlive(planted)));
  const [, account] = [null, hats.provider.account];
  site.psql(`INSERT INTO identity.hat (council_id, account_id, role) VALUES (1, ${account}, 'moderator');`);
  const [hat] = row(`SELECT id FROM identity.hat WHERE account_id = ${account} AND role = 'moderator'`);
  assert.equal((await raw(me, 'POST', `/hats/1/${hat}`, {})).status, 303);
  const second = me.cookie;
  assert.notEqual(second, first, 'a new token with the new hat');
  assert.ok(!(await isAlive(first)) && await isAlive(second), 'the old one is dead');
  site.psql(`UPDATE identity.session SET expires_at = now() + interval '1 hour' WHERE ended_at IS NULL;`);
  assert.equal((await raw(me, 'POST', `/hats/1/${hat}`, {})).status, 303);
  assert.deepEqual(site.rows(`SELECT count(*) FROM identity.session WHERE ended_at IS NULL AND hat_id = ${hat} AND expires_at > now() + interval '61 minutes'`), [['0']],
    'no change of hats makes a session live longer');
  const [foreign] = row(`SELECT id FROM identity.hat WHERE council_id = 1 AND account_id <> ${account} AND role = 'finance' LIMIT 1`);
  assert.ok([403, 404].includes((await raw(me, 'POST', `/hats/1/${foreign}`, {})).status), "somebody else's hat is not put on");
  const keep = me.cookie;
  assert.equal((await raw(me, 'POST', '/sign-out', {})).status, 303);
  assert.ok(!(await isAlive(keep)), 'signed out is signed out');
  assert.deepEqual(site.rows(`SELECT count(*) FROM identity.session WHERE encode(token_sha256, 'hex') = '${keep.slice(2)}'`), [['0']], 'tokens are not stored');
  const last = await visitor().become(1, hats.auditor.hat);
  site.psql(`UPDATE identity.account SET ended_at = now() WHERE id = ${hats.auditor.account};`);
  assert.ok(!(await isAlive(last.cookie)), 'an ended account has no session');
  site.psql(`UPDATE identity.account SET ended_at = NULL WHERE id = ${hats.auditor.account};`);
  const idle = await visitor().become(1, hats.auditor.hat);
  site.psql(`UPDATE identity.session SET seen_at = now() - interval '61 minutes';`);
  assert.ok(!(await isAlive(idle.cookie)), 'nor one that was forgotten for an hour');
});

test('ten wrong passwords, then a pause; the same words for accounts that do not exist', async () => {
  const [known] = row(`SELECT email FROM identity.account WHERE id = ${hats.finance.account}`);
  const wrongPassword = (who, email) => raw(who, 'POST', '/sign-in/password', { user: email, password: 'not the password' });
  const essence = (answer, email) => `${answer.status} ${answer.text}`.replaceAll(email, '…').replace(/\b[0-9a-f]{16}\b/g, '…').replace(/name="(csrf|key)" value="[^"]*"/g, '$1');
  const seen = [];
  for (const email of [known, 'nobody-by-this-name@town.example']) {
    site.psql('DELETE FROM identity.throttle;');
    const me = visitor(), answers = [];
    for (let i = 0; i < 12; i++) answers.push(essence(await wrongPassword(me, email), email));
    assert.equal(new Set(answers.slice(0, 10)).size, 1, `${email}: ten equal refusals`);
    assert.ok(answers[0].startsWith('422 '), answers[0].slice(0, 60));
    assert.ok(answers.slice(10).every((a) => a.startsWith('429 ')), `${email}: then a pause: ${answers.map((a) => a.slice(0, 3))}`);
    seen.push([answers[0], answers[10]]);
  }
  assert.deepEqual(seen[0], seen[1], 'an unknown account is answered with the same bytes');
  assert.deepEqual(site.rows(`SELECT DISTINCT failures FROM identity.throttle WHERE key LIKE 'password:%'`), [['10']], 'no more than ten were looked at');
  site.psql('DELETE FROM identity.throttle;');
});

test('asking for a link tells nobody who has an account', async () => {
  const [known] = row(`SELECT email FROM identity.account WHERE id = ${hats.finance.account}`);
  const ask = async (email) => { const a = await raw(visitor(), 'POST', '/sign-in/link', { email }); return `${a.status} ${a.text}`.replaceAll(email, '…').replace(/\b[0-9a-f]{16}\b/g, '…').replace(/name="(csrf|key)" value="[^"]*"/g, '$1'); };
  assert.equal(await ask(known), await ask('nobody-at-all@town.example'));
});

test('fifty links from one address, whoever they are for, then a pause', async () => {
  site.psql('DELETE FROM identity.throttle;');
  const me = visitor(), statuses = [];
  for (let i = 0; i < 52; i++) statuses.push((await raw(me, 'POST', '/sign-in/link', { email: `somebody${i}@town.example` })).status);
  assert.deepEqual(statuses, [...Array(50).fill(200), 429, 429]);
  assert.deepEqual(site.rows(`SELECT failures FROM identity.throttle WHERE key LIKE 'link-address:%'`), [['50']], 'what is refused is not counted');
  site.psql('DELETE FROM identity.throttle;');
});

test('a link works once, and the newer one ends the older', async () => {
  const [known] = row(`SELECT email FROM identity.account WHERE id = ${hats.commissioner.account}`);
  const links = () => site.rows(`SELECT (regexp_match(payload ->> 'body', 'https?://[^/]+(/sign-in/link/[0-9a-f]+)'))[1] FROM jobs.outbox WHERE topic = 'mail' AND payload ->> 'to_email' = '${known}' AND payload ->> 'subject' = 'Your link to sign in' ORDER BY id`).flat();
  for (let i = 0; i < 2; i++) await raw(visitor(), 'POST', '/sign-in/link', { email: known });
  await until('the mail is written', () => links().length === 2);
  const [older, newer] = links();
  const me = visitor();
  assert.equal((await me.get(newer)).status, 200);
  assert.equal((await me.get(newer)).status, 200, 'looking at it does not use it up');
  assert.equal((await me.get(older)).status, 410);
  assert.equal((await raw(visitor(), 'POST', older, {})).status, 403);
  const both = await Promise.all([raw(me, 'POST', newer, {}), raw(visitor(), 'POST', newer, {})]);
  assert.deepEqual(both.map((a) => a.status).sort(), [303, 403], 'of two at once, one');
  assert.equal((await raw(visitor(), 'POST', newer, {})).status, 403);
});
