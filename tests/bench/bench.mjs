// Figures as ratios: every contestant in turn, several rounds, so that what the machine does otherwise hits all alike. Median (least … most).
// SECONDS_EACH=3 ROUNDS=3 ENTRIES=10000 ENTRIES_MOST=10000 ONLY=pages,orders,sign-in,search,tls. PostgreSQL keeps its default durability.
// A request that carries a cookie is answered by the database each time; one without may be answered from memory.
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Town, drill, sleep, until } from '../drill/town.mjs';
import { freePort } from '../e2e/server.mjs';

const seconds = Number(process.env.SECONDS_EACH || 3), rounds = Number(process.env.ROUNDS || 3), entries = Number(process.env.ENTRIES || 10000);
const isAsked = (part) => !process.env.ONLY || process.env.ONLY.split(',').includes(part);
const fromDatabase = ['-H', 'Cookie: bench=1'];
const run = promisify(execFile);
const town = new Town('bench', { people: 400, settings: ['queue=1000', 'deadline_ms=30000'] });
const median = (l) => [...l].sort((a, b) => a - b)[Math.floor(l.length / 2)];
const figure = (f) => (typeof f === 'number' ? (f < 100 ? f.toFixed(1) : Math.round(f).toString()) : f).padStart(9);
const print = (what, ...figures) => console.log(what.padEnd(66), figures.map(figure).join(' '));
const row = (what, list, unit = '/s') => print(what, median(list), Math.min(...list), Math.max(...list), unit);

async function wrk(url, { connections = 64, script, more = [] } = {}) {
  const args = ['-t', '2', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s', '--latency', ...(script ? ['-s', script] : []), ...more, url];
  const { stdout } = await run('wrk', args);
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0;
  if (Number(bad)) console.log(`     ${url}: ${bad} answers were not 2xx`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
}
// Milliseconds that 99 of 100 answers take, one after the other.
async function p99(url) {
  const { stdout } = await run('wrk', ['-t', '1', '-c', '1', '-d', `${seconds}s`, '--timeout', '10s', '--latency', '-H', 'Cookie: bench=1', url]);
  const [, n, unit] = /99%\s+([\d.]+)(us|ms|s)\b/.exec(stdout);
  return Number(n) * { us: 0.001, ms: 1, s: 1000 }[unit];
}
async function pgbench(file, connections, role = 'mc_web') {
  const { stdout, stderr } = await run('/usr/lib/postgresql/15/bin/pgbench', ['-n', '-M', 'prepared', '-h', town.socket, '-U', role, '-c', String(connections),
    '-j', '2', '-T', String(seconds), '-f', file, 'mc'], { maxBuffer: 1 << 28 });
  if (stderr.includes('ERROR')) console.log(`     ${/ERROR[^\n]*/.exec(stderr)[0]} in ${readFileSync(file, 'utf8').slice(0, 3000)}`);
  return Number(/tps = ([\d.]+)/.exec(stdout)[1]);
}

// The statements of one request, as PostgreSQL logged them, with their values: what pgbench runs for comparison.
async function statementsOf(path) {
  const log = join(town.dir, 'postgres.log');
  town.sql(`ALTER SYSTEM SET log_min_duration_statement = 0`);
  town.sql(`ALTER SYSTEM SET log_line_prefix = '%m %u '`);
  town.sql(`SELECT pg_reload_conf()`);
  await sleep(500);
  const from = readFileSync(log).length;
  await run('curl', ['-s', '-o', '/dev/null', ...fromDatabase, `http://localhost:${town.port}${path}`]);
  await sleep(300);
  const text = readFileSync(log).subarray(from).toString();
  town.sql(`ALTER SYSTEM RESET log_min_duration_statement`);
  town.sql(`SELECT pg_reload_conf()`);
  const found = [];
  for (const m of text.matchAll(/mc_web LOG: {2}duration: [\d.]+ ms {2}execute [^:]+: ([\s\S]*?)(?=\n\d{4}-\d\d-\d\d )(?:\n\d{4}[^\n]*DETAIL: {2}parameters: ([\s\S]*?)(?=\n\d{4}-\d\d-\d\d |$))?/g)) {
    const values = Object.fromEntries([...(m[2] ?? '').matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)].map((v) => [v[1], v[2]]));
    found.push(m[1].replaceAll(/\$(\d+)/g, (_, n) => values[n] ?? 'NULL').replaceAll(/\s*\n\s*/g, ' ').trim());
  }
  return found;
}

const at = (path) => `http://localhost:${town.port}${path}`;
const follow = async (path) => (await run('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}', at(path)])).stdout.split(' ');
const real = async (path) => { const [code, to] = await follow(path); return code === '301' ? new URL(to).pathname : path; };

async function benchPages(report) {
  const nginxPort = await freePort();
  const organisation = town.sql(`SELECT o.ref FROM identity.organisation o WHERE o.name = 'Hearth and Home Care'`);
  const pages = { 'entry page': await real(`/services/${town.listing}`), storefront: await real(`/providers/${organisation}`), 'search near a postcode': '/services?q=care&near=EM1+1AA' };
  // nginx serves the same bytes from a file.
  const files = join(town.dir, 'www');
  mkdirSync(files);
  for (const [name, path] of Object.entries(pages))
    writeFileSync(join(files, `${name.split(' ')[0]}.html`), (await run('curl', ['-s', at(path)], { encoding: 'buffer', maxBuffer: 1 << 26 })).stdout);
  const conf = join(town.dir, 'nginx.conf');
  writeFileSync(conf, `daemon off; worker_processes 2; pid ${town.dir}/nginx.pid; error_log ${town.dir}/nginx.log; user root;
    events { worker_connections 1024; } http { access_log off; keepalive_requests 1000000; sendfile on; tcp_nopush on; types { text/html html; }
    server { listen 127.0.0.1:${nginxPort}; root ${files}; } }`);
  const nginx = spawn('nginx', ['-c', conf], { stdio: 'ignore' });
  try {
    await until(async () => (await run('curl', ['-s', `http://localhost:${nginxPort}/entry.html`]).catch(() => ({ stdout: '' }))).stdout !== '', 5000, 100);
    for (const [name, path] of Object.entries(pages)) {
      const script = join(town.dir, 'queries.sql');
      const statements = await statementsOf(path);
      report.fact(statements.length > 1, `${name}: ${statements.length} queries, ${readFileSync(join(files, `${name.split(' ')[0]}.html`)).length} bytes`);
      writeFileSync(script, `\\startpipeline\n${statements.join(';\n')};\n\\endpipeline\n`);
      const ours = [], kept = [], file = [], database = [];
      for (let n = 0; n < rounds; n++) {
        ours.push(await wrk(at(path), { more: fromDatabase }));
        kept.push(await wrk(at(path)));
        file.push(await wrk(`http://localhost:${nginxPort}/${name.split(' ')[0]}.html`));
        database.push(await pgbench(script, 16));
      }
      row(`${name}, 64 connections, from the database`, ours);
      row('  from memory', kept);
      row('  nginx, the same bytes from a file', file);
      row('  pgbench, the same queries, 16 connections', database);
      print('  the database: share of pgbench (goal 0.60); memory: of nginx (0.50)', (median(ours) / median(database)).toFixed(2), (median(kept) / median(file)).toFixed(2));
    }
  } finally {
    nginx.kill('SIGQUIT');
  }

}

async function benchOrders() {
  // Orders to the durable ledger: one provider for all, then several. 400 budgets, and no two orders that are under way at once on the same one: whoever waits for
  // another's lock measures nothing. wrk's threads take the people in turn, half of them each; each of pgbench's 16 clients has 25 of its own.
  town.sql(`GRANT USAGE ON SCHEMA drill TO mc_web; GRANT SELECT ON drill.person TO mc_web; CREATE TABLE drill.numbered AS SELECT row_number() OVER (ORDER BY id) AS n, * FROM drill.person;
    CREATE UNIQUE INDEX ON drill.numbered (n); GRANT SELECT ON drill.numbered TO mc_web; ANALYZE drill.numbered`);
  const hot = [town.listing];
  const many = town.sql(`SELECT DISTINCT ON (organisation_id) ref FROM catalogue.listing WHERE unit = 'hour' AND minimum_minutes <= 60 ORDER BY organisation_id`).split('\n');
  const lua = (listings) => {
    const path = join(town.dir, `orders${listings.length}.lua`);
    writeFileSync(path, `local tokens = {${town.persons.map((p) => `{"${p.token}", "${p.outcome}"}`)}}
local listings = {${listings.map((l) => `"${l}"`)}}
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init() math.randomseed(os.time() * 10 + id); n = 0 end
function request()
  n = n + 1
  local p = tokens[(2 * n + id) % #tokens + 1]
  local key = string.format("%08x-%04x-4%03x-8000-%06x%06x", math.random(0, 0x7ffffffe), math.random(0, 0xffff), id, math.random(0, 0xffffff), n)
  return wrk.format("POST", "/ask/" .. listings[math.random(#listings)], { Cookie = "s=" .. p[1], ["Content-Type"] = "application/json", Accept = "application/json", ["Idempotency-Key"] = key },
    '{"minutes": "60 minutes", "starts_on": "${town.day}", "outcome": "' .. p[2] .. '"}')
end`);
    return path;
  };
  const sqlOf = (listings) => {
    const path = join(town.dir, `orders${listings.length}.sql`);
    writeFileSync(path, `\\set p :client_id * 25 + random(1, 25)\n\\set l random(1, ${listings.length})
\\startpipeline
SELECT role FROM identity.enter((SELECT sha256(token::bytea) FROM drill.numbered WHERE n = :p), '{holder,supporter,broker,self_funder}', NULL, true);
SELECT payments.order_place(gen_random_uuid(), jsonb_build_object('listing', (ARRAY[${listings.map((l) => `'${l}'`)}])[:l], 'minutes', 60, 'starts_on', '${town.day}', 'outcome', (SELECT outcome FROM drill.numbered WHERE n = :p)));
\\endpipeline\n`);
    return path;
  };
  // The plans of the town's first orders are for tables of a few pages; a day later PostgreSQL has looked at them itself.
  await wrk(at('/'), { connections: 16, script: lua(many) });
  town.sql('VACUUM ANALYZE');
  const placed = { distinct: [], hot: [], 'pgbench distinct': [], 'pgbench hot': [] }, crowd = [];
  for (let n = 0; n < rounds; n++) {
    placed.distinct.push(await wrk(at('/'), { connections: 16, script: lua(many) }));
    placed['pgbench distinct'].push(await pgbench(sqlOf(many), 16));
    placed.hot.push(await wrk(at('/'), { connections: 16, script: lua(hot) }));
    placed['pgbench hot'].push(await pgbench(sqlOf(hot), 16));
    crowd.push(await wrk(at('/'), { connections: 64, script: lua(many) }));
  }
  for (const [name, list] of Object.entries(placed)) row(`orders, ${name}, 16 connections`, list);
  row('orders, distinct, 64 connections', crowd);
  print('  share of pgbench (goal 0.60); hot of distinct (goal 0.90)', (median(placed.distinct) / median(placed['pgbench distinct'])).toFixed(2), (median(placed.hot) / median(placed.distinct)).toFixed(2));

}

// A session made and its cookie set, without the hashing of a password, which two threads do beside the loop at a rate that its memory decides.
async function benchSignIn() {
  const hats = town.sql(`SELECT council_id || '/' || id FROM identity.hat WHERE role = 'holder' AND ended_at IS NULL ORDER BY id LIMIT 200`).split('\n');
  const path = join(town.dir, 'sign-in.lua');
  writeFileSync(path, `local hats = {${hats.map((h) => `"${h}"`)}}
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init() math.randomseed(os.time() * 10 + id); n = 0 end
function request()
  n = n + 1
  local key = string.format("%08x-%04x-4%03x-8000-%06x%06x", math.random(0, 0x7ffffffe), math.random(0, 0xffff), id, math.random(0, 0xffffff), n)
  return wrk.format("POST", "/demo/sign-in/" .. hats[math.random(#hats)], { ["Content-Type"] = "application/json", Accept = "application/json", ["Idempotency-Key"] = key }, "{}")
end`);
  const list = [];
  for (let n = 0; n < rounds; n++) list.push(await wrk(at('/'), { connections: 16, script: path }));
  row('signing in (a session made), 16 connections', list);
}

// Words that are rare and common, with and without a place and a filter, each answered by the database.
const searches = ['q=care&near=EM1+1AA', 'q=walking+company&near=EM1+1AA', 'q=gardening', 'near=EM1+1AA', 'q=hot+meal&near=EM1+1AA&at=home', 'q=befriending', 'q=cleaner&near=EM1+1AA'];
// The first entries are listings as people make them. More are added to the search's own table, spread over ten times as many places: searches read nothing else.
function grow(size) {
  if (size === entries) {
    town.sql(`SET synchronous_commit = off; INSERT INTO catalogue.listing (ref, organisation_id, title, summary, description, category, unit, price, minimum_minutes, notice_hours, terms, delivered, postcode, lat, lon, radius_m, status, published_at, languages)
        SELECT mc.new_ref(), l.organisation_id, l.title || ' ' || n, l.summary, l.description || ' ' || md5(n::text), l.category, l.unit, l.price + n % 500, l.minimum_minutes, l.notice_hours, l.terms, l.delivered, l.postcode,
               l.lat + (n % 1000) * 0.0005, l.lon + (n / 1000 % 1000) * 0.0005, l.radius_m, 'published', now(), l.languages
          FROM generate_series(1, ${size} - (SELECT count(*)::int FROM catalogue.listing)) AS n
          JOIN LATERAL (SELECT * FROM catalogue.listing WHERE category <> 'personal-care' ORDER BY id OFFSET n % 10 LIMIT 1) AS l ON true`);
    return;
  }
  town.sql(`SET synchronous_commit = off; BEGIN; DROP INDEX catalogue.search_doc_find;
    INSERT INTO catalogue.search_doc (kind, source_id, ref, slug, title, summary, category, organisation, place, x, y, reach_m, is_visited, is_national, price, unit, fresh_on, tags, cells, words)
    SELECT d.kind, d.source_id + n * 10000000::bigint, d.ref, d.slug, d.title, d.summary, d.category, d.organisation, d.place, m.x, m.y, d.reach_m, d.is_visited, d.is_national, d.price, d.unit, d.fresh_on, d.tags,
           catalogue.cells_of(m.x, m.y, d.is_visited, d.reach_m, d.is_national), d.words
      FROM catalogue.search_doc d, generate_series(${size / entries / 10}, ${size / entries - 1}) AS n, LATERAL (SELECT greatest(d.x + n % 10 * 9000 - 45000, 0) AS x, greatest(d.y + n / 10 % 10 * 9000 - 45000, 0) AS y) m
     WHERE d.kind <> 'event' AND d.source_id < 10000000;
    CREATE INDEX search_doc_find ON catalogue.search_doc USING gin (words, cells) WITH (fastupdate = off); COMMIT`);
}

async function benchSearch() {
  const path = join(town.dir, 'search.lua');
  writeFileSync(path, `local searches = {${searches.map((q) => `"${q}"`)}}
local n = 0
function request() n = n + 1; return wrk.format("GET", "/services?" .. searches[n % #searches + 1], { Cookie = "bench=1" }) end`);
  for (let size = entries; size <= Number(process.env.ENTRIES_MOST || entries); size *= 10) {
    grow(size);
    town.sql('VACUUM ANALYZE');
    const list = [];
    for (let n = 0; n < rounds; n++) list.push(await wrk(at('/'), { connections: 16, script: path }));
    row(`search, mixed words, ${size} entries, from the database`, list);
    const slow = [];
    for (const q of searches) slow.push(await p99(at(`/services?${q}`)));
    print(`  p99 in ms of the searches one by one (goal 50): ${searches[slow.indexOf(Math.max(...slow))]}`, Math.max(...slow), median(slow), Math.min(...slow));
  }
}

async function benchTls() {
  const tlsPort = await freePort();
  const [key, certificate] = ['tls.key', 'tls.crt'].map((f) => join(town.dir, f));
  town.sh('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost']);
  if (process.getuid() === 0) town.sh('chown', ['postgres', key]);
  const plain = town.settings;
  town.settings = [...plain, `tls_certificate=${certificate}`, `tls_key=${key}`];
  const server = await town.startServer({ port: tlsPort });
  const path = await real(`/services/${town.listing}`), list = [], without = [];
  for (let n = 0; n < rounds; n++) {
    list.push(await wrk(`https://localhost:${tlsPort}${path}`));
    without.push(await wrk(at(path)));
  }
  await town.stopServer(server);
  town.settings = plain;
  row('entry page from memory over TLS, 64 connections', list);
  print('  share of the same without TLS', (median(list) / median(without)).toFixed(2));
}

function showMemory() {
  for (const pid of town.workers()) row('memory of a worker after all this', [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024], 'MB');
}

await drill(town, async (report) => {
  const server = await town.startServer();
  if (isAsked('pages')) await benchPages(report);
  if (isAsked('orders')) await benchOrders();
  if (isAsked('sign-in')) await benchSignIn();
  if (isAsked('tls')) await benchTls();
  town.server = server;
  showMemory();
  if (isAsked('search')) await benchSearch();
});
