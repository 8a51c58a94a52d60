// Who may see what, through the front door: every route of the program, as every kind of actor, with an identifier of one's own, of another person or
// provider, of another council, and of nothing. What is not yours is answered byte for byte as what does not exist, and changes nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Visitor, openServer, program } from './server.mjs';

const MISSING = 'ZZZZ-ZZZ2';
// Parts of addresses that are words of ours and no identifiers.
const WORDS = { act: 'approve', kind: 'payment', list: 'services' };
// Pages that ask for more than the hat: what kind of organisation, which of the files.
const NARROWER = /self-bill|\{invoice\}\/file|\{file\}|\{listing\}/;
// A gate that reads the whole catalogue as ten actors takes minutes; MC_CRAWL pages an actor are enough for every commit.
const CRAWL = Number(process.env.MC_CRAWL ?? 60);
let site, actors, routes, owned;

const visitor = () => new Visitor(site);
/** What may rightly differ between two answers: the request's number, the form's token and key, and the address that was asked for. */
const essence = (text, ...asked) => asked.filter(Boolean).reduce((t, a) => t.replaceAll(a, '…'), text)
  .replace(/\b[0-9a-f]{16}\b/g, '…').replace(/name="(csrf|key)" value="[^"]*"/g, '$1');

/** One line a table: how many rows. What looking itself leaves behind is not counted, nor that a refusal is remembered with its key. */
const countRows = () => {
  const tables = site.rows(`SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'r' AND nspname IN ('mc', 'identity', 'catalogue', 'ledger', 'payments', 'audit', 'jobs')
    AND c.oid::regclass::text NOT IN ('mc.idempotency', 'identity.session', 'identity.throttle', 'audit.look', 'audit.seal', 'audit.sealed_event', 'audit.sealed_journal', 'audit.unsealed', 'catalogue.search_miss', 'jobs.outbox', 'jobs.mail') ORDER BY 1`).flat();
  return site.psql(`${tables.map((t) => `SELECT '${t} ' || count(*) FROM ${t}`).join(' UNION ALL ')};`);
};

/** `only` is where a route stands that has a namesake for everyone. */
function readRoutes() {
  return execFileSync(program, ['routes'], { encoding: 'utf8' }).trim().split('\n').map((line) => {
    const [method, pattern, who, , flags] = line.split('\t');
    const isFor = pattern.startsWith('[/for/{person}]');
    return { method, pattern: pattern.replace('[/for/{person}]', ''), isFor, isApi: / api/.test(flags), hats: who === 'anyone' ? null : who.split(',') };
  }).map((r, _, all) => ({ ...r, only: r.isFor && all.some((o) => o !== r && o.pattern === r.pattern && o.method === r.method) ? `/for/${MISSING}` : '' }));
}

/** An order, a share of something, a time away and a mandate of each of two people of council 1 and of one of council 2, and one of every hat. */
const SCENE = `
DO $$
DECLARE
  h record; v_listing text; v_ref text;
BEGIN
  PERFORM set_config('mc.council', '1', true);
  INSERT INTO identity.hat (council_id, account_id, role, organisation_id)
  SELECT 1, (SELECT min(account_id) FROM identity.hat WHERE council_id = 1 AND role = 'moderator'), 'group', (SELECT min(id) FROM identity.organisation WHERE kind IN ('group', 'charity'));
  FOR h IN SELECT t.council_id, t.id, t.account_id, t.person_id, o.ref AS outcome FROM identity.hat t JOIN payments.outcome o ON o.council_id = t.council_id AND o.person_id = t.person_id
            WHERE t.role = 'holder' ORDER BY t.id LOOP
    PERFORM set_config('mc.council', h.council_id::text, true), set_config('mc.account', h.account_id::text, true), set_config('mc.hat', h.id::text, true), set_config('mc.role', 'holder', true),
            set_config('mc.organisation', '', true), set_config('mc.person', h.person_id::text, true), set_config('mc.mandate', '', true);
    FOR v_listing IN SELECT l.ref FROM catalogue.listing l WHERE l.status = 'published' AND l.unit = 'hour' AND EXISTS (SELECT FROM identity.hat p WHERE p.council_id = h.council_id AND p.organisation_id = l.organisation_id AND p.role = 'provider') ORDER BY l.id LIMIT 2 LOOP
      v_ref := payments.order_place(gen_random_uuid(), jsonb_build_object('listing', v_listing, 'minutes', 60, 'starts_on', current_date + 9, 'weeks', 2, 'weekdays', '[1,4]'::jsonb, 'outcome', h.outcome)) ->> 'ref';
      UPDATE payments.orders SET note = 'note of ' || v_ref WHERE council_id = h.council_id AND ref = v_ref;
    END LOOP;
    PERFORM payments.pool_join(gen_random_uuid(), jsonb_build_object('shown', 'nothing', 'outcome', h.outcome, 'invitation', payments.pool_start(gen_random_uuid(),
      jsonb_build_object('listing', v_listing, 'minutes', 60, 'starts_on', current_date + 30, 'minimum', 2, 'closes_on', current_date + 9)) ->> 'invitation'));
    PERFORM payments.absence_start(gen_random_uuid(), jsonb_build_object('from', current_date + 60, 'to', current_date + 70, 'reason', 'hospital', 'words', 'words of ' || h.id));
    INSERT INTO identity.concern (council_id, ref, account_id, concern) VALUES (h.council_id, mc.new_ref(), h.account_id, 'A worry');
  END LOOP;
END $$;`;

before(async () => {
  site = await openServer();
  site.psql(SCENE);
  const placed = site.rows('SELECT council_id, count(*), count(DISTINCT person_id) FROM payments.orders GROUP BY 1 ORDER BY 1');
  assert.ok(placed.length === 2 && placed.every(([, n]) => Number(n) >= 2), `the scene has orders in both councils: ${placed}`);
  routes = readRoutes();
  const kinds = site.rows(`SELECT DISTINCT ON (h.council_id, h.role) h.council_id, h.id, h.role, coalesce(h.person_id, (SELECT min(m.person_id) FROM identity.mandate m WHERE m.council_id = h.council_id
      AND (m.account_id = h.account_id OR m.organisation_id = h.organisation_id)))::text, coalesce(h.organisation_id::text, '') FROM identity.hat h
      LEFT JOIN payments.orders o ON o.council_id = h.council_id AND (o.person_id = h.person_id OR o.organisation_id = h.organisation_id) WHERE h.council_id IN (1, 2) AND h.ended_at IS NULL
      ORDER BY h.council_id, h.role, o.id NULLS LAST, h.id`);
  actors = [{ name: 'visitor', role: 'visitor', who: visitor() }];
  for (const [council, hat, role, person, organisation] of kinds)
    actors.push({ name: `${role} of ${council}`, council, hat, role, person, organisation, who: await visitor().become(council, hat) });
  // Every table with references, and whose each row is.
  owned = new Map(site.rows(`SELECT c.oid::regclass, n.nspname, c.relname, EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'person_id'), EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'organisation_id')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'ref' WHERE c.relkind = 'r' AND c.relrowsecurity ORDER BY 1`)
    .map(([table, , name, hasPerson, hasOrganisation]) => [name.replace(/s$/, ''), site.rows(`SELECT ref, council_id, ${name === 'person' ? 'id' : hasPerson === 't' ? 'person_id' : 'NULL'}, ${hasOrganisation === 't' ? 'organisation_id' : 'NULL'} FROM ${table} t ORDER BY (to_jsonb(t)->>'id')::bigint, ref`)
      .map(([ref, council, person, organisation]) => ({ ref, council, person, organisation }))]));
  // What several people answered is for each of them; the others are one person's alone.
  const shared = new Set(site.rows('SELECT DISTINCT p.ref FROM payments.pool p JOIN payments.pool_member m ON (m.council_id, m.pool_id) = (p.council_id, p.id) WHERE m.person_id <> p.person_id').flat());
  owned.set('pool', owned.get('pool').filter((r) => !shared.has(r.ref)));
  owned.set('explanation', owned.get('bank_proposal'));
  owned.set('payment', site.rows('SELECT reference, council_id, organisation_id FROM payments.payment ORDER BY id').map(([ref, council, organisation]) => ({ ref, council, organisation })));
});
after(() => site?.close());

const PEOPLE = ['holder', 'self_funder', 'supporter', 'broker'];
const isMine = (a, row) => row.council === a.council && (PEOPLE.includes(a.role) ? row.person === a.person : a.role === 'provider' ? row.organisation === a.organisation : true);

/** Identifiers of each sort for {name} as this actor; undefined where the town has none. */
function sortsOf(a, name) {
  const rows = owned.get(name) ?? [];
  const ref = (f) => rows.find(f)?.ref;
  return { mine: ref((r) => isMine(a, r)), other: ref((r) => r.council === a.council && !isMine(a, r)), foreign: ref((r) => r.council !== a.council), missing: MISSING };
}

const forPrefix = (a) => (['supporter', 'broker'].includes(a.role) && a.person ? `/for/${owned.get('person').find((p) => p.council === a.council && p.person === a.person).ref}` : '');
const paramsOf = (pattern) => [...pattern.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
const fill = (pattern, put) => pattern.replace(/\{(\w+)\}/g, (_, n) => WORDS[n] ?? put[n] ?? MISSING);
const call = (a, r, address, fields) => (r.method === 'GET' ? a.who.get(address) : a.who.post(address, fields));
// These change who is asking; they have tests of their own.
const isSelf = (r) => /^\/(sign-out|sign-in|demo|hats\/)/.test(r.pattern);

test('the town has one of every hat, in both councils', () => {
  for (const role of ['holder', 'supporter', 'broker', 'self_funder', 'provider', 'group', 'commissioner', 'finance', 'auditor', 'safeguarding', 'moderator', 'operator'])
    assert.ok(actors.some((a) => a.role === role && a.council === '1'), role);
  for (const role of ['holder', 'finance', 'auditor', 'provider']) assert.ok(actors.some((a) => a.role === role && a.council === '2'), `${role} of the second council`);
});

test('every route opens for its own hats only', async () => {
  const wrong = [], before = countRows();
  let cells = 0;
  for (const r of routes.filter((x) => !isSelf(x) && x.hats)) {
    for (const a of actors.filter((x) => !r.hats.includes(x.role))) {
      const answer = await call(a, r, r.only + fill(r.pattern, {}));
      const wanted = a.role === 'visitor' ? (r.method === 'GET' && !r.isApi ? 303 : 401) : 403;
      cells++;
      // A body that is no JSON is refused before anybody is asked who they are.
      if (r.isApi && r.method === 'POST' && answer.status === 400) continue;
      if (answer.status !== wanted || (wanted === 303 && !answer.location.startsWith('/sign-in?next='))) wrong.push(`${r.method} ${r.pattern} as ${a.name}: ${answer.status}, not ${wanted}`);
    }
  }
  console.log(`# ${cells} cells of closed doors`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(countRows(), before, 'nothing was changed');
});

test('what is not yours is answered as what does not exist, and is not changed', async () => {
  const wrong = [], skipped = new Set(), before = countRows();
  const mandated = new Set(site.rows(`SELECT h.id || ' ' || m.person_id FROM identity.mandate m JOIN identity.hat h ON h.council_id = m.council_id AND (m.account_id = h.account_id OR m.organisation_id = h.organisation_id)`).flat());
  let cells = 0;
  for (const r of routes.filter((x) => !isSelf(x) && x.hats)) {
    const names = paramsOf(r.pattern).filter((n) => owned.has(n));
    for (const a of actors.filter((x) => r.hats.includes(x.role))) {
      if (r.isFor && ['supporter', 'broker'].includes(a.role) && !a.person) continue;
      const prefix = r.isFor ? forPrefix(a) : '';
      for (const name of names) {
        const sorts = sortsOf(a, name);
        const rest = Object.fromEntries(paramsOf(r.pattern).filter((n) => n !== name).map((n) => [n, sortsOf(a, n).mine ?? MISSING]));
        const none = await call(a, r, prefix + fill(r.pattern, { ...rest, [name]: MISSING }));
        for (const sort of ['other', 'foreign']) {
          const ref = sorts[sort];
          if (!ref) { skipped.add(`${sort} ${name}`); continue; }
          const answer = await call(a, r, prefix + fill(r.pattern, { ...rest, [name]: ref }));
          cells++;
          if (answer.status !== none.status || essence(answer.text, ref, MISSING) !== essence(none.text, ref, MISSING) || answer.status < 400 || answer.status >= 500)
            wrong.push(`${r.method} ${r.pattern} as ${a.name} with ${sort} ${name}: ${answer.status}; missing is ${none.status}`);
        }
      }
      // Acting for somebody who gave no mandate, of this council and of the other.
      if (r.isFor) {
        const none = await call(a, r, `/for/${MISSING}${fill(r.pattern, {})}`);
        for (const p of owned.get('person').filter((x) => !['supporter', 'broker'].includes(a.role) || x.person !== a.person).slice(-4)) {
          if (mandated.has(`${a.hat} ${p.person}`)) continue;
          const answer = await call(a, r, `/for/${p.ref}${fill(r.pattern, {})}`);
          cells++;
          if (answer.status !== 404 || essence(answer.text, p.ref, MISSING) !== essence(none.text, p.ref, MISSING)) wrong.push(`${r.method} /for/…${r.pattern} as ${a.name}: ${answer.status}; missing is ${none.status}`);
        }
      }
    }
  }
  console.log(`# ${cells} cells of other people's things; the town has no ${[...skipped].join(', ') || 'gaps'}`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(countRows(), before, 'nothing was changed');
});

test('what is yours opens, and no empty form ends in a fault of ours', async () => {
  const wrong = [];
  let cells = 0, opened = 0;
  const listing = site.rows(`SELECT ref FROM catalogue.listing WHERE status = 'published' ORDER BY id LIMIT 1`)[0][0];
  for (const r of [...routes].sort((x, y) => x.method.localeCompare(y.method)).filter((x) => !isSelf(x))) {
    for (const a of actors.filter((x) => !r.hats || r.hats.includes(x.role))) {
      if (r.isFor && ['supporter', 'broker'].includes(a.role) && !a.person) continue;
      const mine = Object.fromEntries(paramsOf(r.pattern).map((n) => [n, n === 'listing' ? listing : sortsOf(a, n).mine]));
      const isWhole = Object.values(mine).every(Boolean) && !NARROWER.test(r.pattern);
      const answer = await call(a, r, (r.isFor ? forPrefix(a) : '') + fill(r.pattern, mine));
      cells++;
      if (answer.status >= 500) wrong.push(`${r.method} ${r.pattern} as ${a.name}: ${answer.status}`);
      if (r.method === 'GET' && isWhole && r.hats && ![200, 303].includes(answer.status)) wrong.push(`GET ${r.pattern} as ${a.name} with what is theirs: ${answer.status}`);
      if (answer.status === 200) opened++;
    }
  }
  console.log(`# ${cells} cells of open doors, ${opened} of them pages`);
  assert.deepEqual(wrong, []);
  assert.ok(opened > 100);
});

/** Pages reachable from `starts` by links, as bytes by address. */
async function crawl(who, starts, isWanted, limit = CRAWL) {
  const pages = new Map(), queue = [...starts];
  while (queue.length && pages.size < limit) {
    const address = queue.shift();
    if (pages.has(address)) continue;
    const answer = await who.get(address);
    pages.set(address, `${answer.status} ${answer.text}`);
    for (const [, href] of answer.text.matchAll(/href="(\/[^"#]*)/g)) {
      const next = href.replaceAll('&amp;', '&');
      if (isWanted(next) && !pages.has(next)) queue.push(next);
    }
  }
  return pages;
}

const CATALOGUE = ['/services', '/services?sort=price', '/services?max_price=22', '/services.json?sort=price', '/services.csv?sort=price', '/services.json?max_price=22', '/services?q=care&sort=price',
  '/services.json?q=care&max_price=24.00', '/services/ZZZZ-ZZZ2', '/providers/ZZZZ-ZZZ2', '/services?max_price=x',
  '/openreferral/v3/services?full=true&per_page=1000', '/openreferral/v3/services?minimal=true', '/openreferral/v3/organizations?full_service=true&per_page=1000'];

test('agreed prices change no byte for anybody who may not see them', async () => {
  const isCatalogue = (href) => /^\/(services|providers|compare)/.test(href);
  const listings = site.rows('SELECT DISTINCT l.ref FROM catalogue.agreed_price a JOIN catalogue.listing l ON l.id = a.listing_id WHERE a.council_id = 1').flatMap(([ref]) => [`/services/${ref}`, `/services/${ref}.json`]);
  const beside = site.rows(`SELECT ref FROM catalogue.listing l WHERE status = 'published' ORDER BY EXISTS (SELECT FROM catalogue.agreed_price a WHERE a.council_id = 1 AND a.listing_id = l.id) DESC, id LIMIT 8`).flat();
  const compared = [0, 4].flatMap((n) => ['', '.csv'].map((form) => `/compare${form}?id=${beside.slice(n, n + 4).join('+')}&minutes=2+hours&quantity=3&weekdays=1&weekdays=6&weeks=5&near=EM1+2AB`));
  const starts = [...CATALOGUE, ...compared, `/compare?id=${beside[0]}`, ...listings];
  // Someone of the provider that agreed the price may see it; this one did not.
  const strangers = actors.filter((a) => ['visitor', 'self_funder', 'group', 'operator'].includes(a.role) || a.council === '2');
  const insiders = actors.filter((a) => ['holder', 'commissioner', 'finance', 'auditor'].includes(a.role) && a.council === '1');
  const look = async (list) => { const seen = []; for (const a of list) seen.push(await crawl(a.who, starts, isCatalogue)); return seen; };
  const [first, firstInside] = [await look(strangers), await look(insiders)];
  // Everything agreed in council 1 becomes very cheap, then very dear; and listings without one get one.
  site.psql(`UPDATE catalogue.agreed_price SET price = CASE WHEN id % 2 = 0 THEN 7 + id ELSE 9870000 + id END WHERE council_id = 1;
    INSERT INTO catalogue.agreed_price (council_id, listing_id, price, valid_from) SELECT 1, l.id, 9860000 + l.id, current_date - 1 FROM catalogue.listing l WHERE l.status = 'published'
      AND NOT EXISTS (SELECT FROM catalogue.agreed_price a WHERE a.council_id = 1 AND a.listing_id = l.id) ORDER BY l.id LIMIT 10;`);
  const [second, secondInside] = [await look(strangers), await look(insiders)];
  let pages = 0;
  strangers.forEach((a, i) => {
    for (const [address, text] of first[i]) {
      pages++;
      assert.equal(essence(second[i].get(address) ?? 'not reached any more'), essence(text), `${address} as ${a.name}`);
    }
  });
  // Whole figures: the ids of the directory are made of letters and digits at random, and some of them hold any price.
  const isDear = (t) => /(?<![\w.-])(98[67]\d,?\d{3}|£98,[67]\d{2}\.\d\d|98[67]\d{2}\.\d\d)(?![\w-])/.test(t);
  assert.deepEqual(second.flatMap((m, i) => [...m].filter(([, t]) => isDear(t)).map(([x]) => `${x} as ${strangers[i].name}`)), []);
  // Two visits of two hours a week for five weeks, or three units each: sums of what was agreed.
  const sums = site.rows(`SELECT DISTINCT to_char(payments.cost(l.unit, a.price, CASE l.unit WHEN 'hour' THEN 120 ELSE 3 END) * n / 100.0, 'FM999999990.00') FROM catalogue.agreed_price a JOIN catalogue.listing l ON l.id = a.listing_id, unnest('{1,2,10}'::int[]) n
    WHERE a.council_id = 1 AND a.price > 9000000`).flat();
  assert.ok(insiders.every((a, i) => compared.filter((c) => c.includes('.csv')).some((c) => sums.some((sum) => secondInside[i].get(c)?.includes(sum)))), 'who may see them reads the sums, or this test sees nothing');
  for (const [i, m] of second.entries()) for (const [address, text] of m) if (address.includes('/compare')) for (const sum of sums) assert.ok(!text.replaceAll(',', '').includes(sum), `${address} as ${strangers[i].name}: ${sum}`);
  insiders.forEach((a, i) => assert.ok([...firstInside[i]].some(([address, text]) => essence(secondInside[i].get(address) ?? '') !== essence(text)), `${a.name} sees the change, or this test sees nothing`));
  console.log(`# ${pages} pages equal to the byte`);
});

test('no name of one council is in a byte served to the other', async () => {
  site.psql(`UPDATE identity.person SET name = 'Zqxvane ' || name WHERE council_id = 2;
    UPDATE identity.account SET name = 'Zqxvane ' || name WHERE id IN (SELECT account_id FROM identity.hat WHERE council_id = 2) AND id NOT IN (SELECT account_id FROM identity.hat WHERE council_id = 1);
    UPDATE payments.outcome SET title = 'Zqxvane ' || title WHERE council_id = 2; UPDATE payments.orders SET note = 'Zqxvane' WHERE council_id = 2;`);
  // The list of invented people to sign in as, and the demonstration's mail, show both councils on purpose.
  const isWanted = (href) => !/^\/(sign-in|demo|assets)/.test(href);
  const holder2 = actors.find((a) => a.name === 'holder of 2');
  const own = await crawl(holder2.who, ['/', '/orders', '/money', '/helpers'], isWanted, 12);
  assert.ok([...own.values()].some((t) => t.includes('Zqxvane')), 'its own people see the marker, or this test sees nothing');
  let pages = 0;
  for (const a of actors.filter((x) => x.council !== '2')) {
    const starts = ['/', '/openreferral/v3/services?full=true&per_page=1000', ...routes.filter((r) => r.method === 'GET' && !isSelf(r) && !paramsOf(r.pattern).length && (!r.hats || r.hats.includes(a.role))).flatMap((r) => {
      const at = (r.isFor ? forPrefix(a) : '') + r.pattern;
      return [at, ...(at === '/' ? [] : [`${at}.json`, `${at}.csv`])];
    })];
    const seen = await crawl(a.who, starts, isWanted, Math.max(CRAWL, starts.length + 10));
    pages += seen.size;
    for (const [address, text] of seen) assert.ok(!text.includes('Zqxvane'), `${address} as ${a.name}`);
  }
  console.log(`# ${pages} pages without a marker`);
});

test('a mandate holds to the day, the right and the penny', async () => {
  const row = (sql) => site.rows(sql)[0];
  const [council, account, hat, person, ref] = row(`SELECT m.council_id, h.account_id, h.id, p.id, p.ref FROM identity.mandate m JOIN identity.hat h ON h.council_id = m.council_id AND h.account_id = m.account_id AND h.role = 'supporter'
    JOIN identity.person p ON p.council_id = m.council_id AND p.id = m.person_id WHERE m.council_id = 1 AND 'order' = ANY (m.rights) LIMIT 1`);
  const helper = await visitor().become(council, hat);
  const [listing] = row(`SELECT l.ref FROM catalogue.listing l WHERE l.unit = 'hour' AND l.status = 'published' AND l.minimum_minutes <= 60 AND l.price BETWEEN 1000 AND 3000
    AND NOT EXISTS (SELECT FROM catalogue.agreed_price a WHERE a.listing_id = l.id) ORDER BY l.id LIMIT 1`);
  const [outcome] = row(`SELECT ref FROM payments.outcome WHERE person_id = ${person} LIMIT 1`);
  const mandate = (set) => site.psql(`UPDATE identity.mandate SET revoked_at = NULL, revoked_by = NULL, starts_on = current_date - 9, ends_on = NULL, rights = '{see,order}', ceiling_order = NULL, ceiling_month = NULL, categories = NULL
    WHERE council_id = 1 AND person_id = ${person} AND account_id = ${account}; UPDATE identity.mandate SET ${set} WHERE council_id = 1 AND person_id = ${person} AND account_id = ${account};`);
  const orders = () => Number(row('SELECT count(*) FROM payments.orders')[0]);
  const day = row(`SELECT to_char(current_date + 20, 'FMDD FMMM YYYY')`)[0];
  const ask = (fields = {}) => helper.post(`/for/${ref}/ask/${listing}`, { minutes: '60 minutes', starts_on: day, starts_at: '10:00', weeks: '1', outcome, ...fields });
  const tryAll = async (what, set, isSeen) => {
    mandate(set);
    const before = orders();
    const answer = await ask();
    assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
    assert.equal(orders(), before, `${what}: nothing is ordered`);
    const page = await helper.get(`/for/${ref}/money`);
    assert.equal(page.status, isSeen ? 200 : 404, `${what}: the person's pages`);
  };
  mandate('ceiling_order = NULL');
  const before = orders();
  assert.equal((await ask()).status, 303, 'in order, an order is placed');
  assert.equal(orders(), before + 1);
  await tryAll('revoked', 'revoked_at = now()', false);
  await tryAll('expired yesterday', 'ends_on = current_date - 1', false);
  await tryAll('not yet started', 'starts_on = current_date + 1', false);
  await tryAll('without the right to order', `rights = '{see,decide}'`, true);
  await tryAll('without the right to see', `rights = '{order}'`, false);
  await tryAll('for another kind of service', `categories = '{no-such-kind}'`, true);
  await tryAll('over the ceiling of an order', 'ceiling_order = 1', true);
  // Many small orders: the month's ceiling holds in sum.
  const [spent] = row(`SELECT payments.mandate_used(m.id) FROM set_config('mc.council', '1', false), identity.mandate m WHERE m.council_id = 1 AND person_id = ${person} AND account_id = ${account}`);
  const [price] = row(`SELECT l.price FROM catalogue.listing l WHERE l.ref = '${listing}'`);
  mandate(`ceiling_month = ${Number(spent) + 3 * Number(price)}`);
  const placed = [];
  for (let i = 0; i < 6; i++) placed.push((await ask()).status);
  assert.deepEqual(placed.map((s) => s === 303), [true, true, true, false, false, false], `three fit below the ceiling, no more: ${placed}`);
  // The last day counts, and revoking between the page and the button stops the button.
  mandate('ends_on = current_date');
  assert.equal((await helper.get(`/for/${ref}/money`)).status, 200, 'the last day counts');
  mandate('ceiling_order = NULL');
  await helper.get(`/for/${ref}/ask/${listing}`);
  mandate('revoked_at = now()');
  assert.equal((await ask()).status, 404, 'revoked while the form was open');
});
