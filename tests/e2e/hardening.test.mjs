// How the program is built and run: what the linker was told, what the service may do, what a worker may still do, and papers that agree with the program.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Visitor, freePort, openServer, program, root, until } from './server.mjs';

let site, metricsPort;
const read = (...p) => readFileSync(path.join(root, ...p), 'utf8');
const run = (...args) => execFileSync(args[0], args.slice(1), { encoding: 'utf8', cwd: root, maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
const isThere = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

before(async () => {
  metricsPort = await freePort();
  site = await openServer({ set: { metrics_port: metricsPort, workers: 2 } });
});
after(() => site?.close());

test('the program is position independent, sealed after start, and guarded', () => {
  const header = run('readelf', '-hW', program), segments = run('readelf', '-lW', program), dynamic = run('readelf', '-dW', program);
  const symbols = run('readelf', '--dyn-syms', '-W', program);
  assert.match(header, /Type:\s+DYN/, 'PIE');
  assert.match(dynamic, /FLAGS_1.*\bPIE\b/, 'PIE, said');
  assert.match(segments, /GNU_RELRO/, 'RELRO');
  assert.match(dynamic, /BIND_NOW|\bNOW\b/, 'full RELRO');
  assert.match(segments, /GNU_STACK\s+\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+RW\s/, 'no executable stack');
  assert.doesNotMatch(segments, /LOAD.*RWE/, 'nothing writable and executable');
  assert.doesNotMatch(dynamic, /RPATH|RUNPATH|TEXTREL/, 'no own library folder, no patched text');
  assert.match(symbols, /__stack_chk_fail/, 'stack protector');
  const fortified = new Set([...symbols.matchAll(/__(\w+)_chk(?!_)/g)].map((m) => m[1]));
  assert.ok(fortified.size >= 5, `fortified calls: ${[...fortified]}`);
  // The linker marks the whole program only when the system's own start files are marked, which Debian 12's are not: so ask each object of ours.
  if (process.arch === 'x64') {
    const objects = run('readelf', '-nW', path.join(path.dirname(program), 'libmarketcross.a')).split(/^File: /m).slice(1);
    assert.ok(objects.length > 100);
    assert.deepEqual(objects.filter((o) => !/IBT, SHSTK/.test(o)).map((o) => o.split('\n')[0]), [], 'control-flow marks');
  }
});

test('the service may do little', (t) => {
  if (!isThere('systemd-analyze')) return t.skip('skipped: systemd-analyze is not installed');
  const said = run('systemd-analyze', 'security', '--offline=true', '--no-pager', 'config/systemd/marketcross.service');
  const score = Number(/exposure level for marketcross\.service: ([\d.]+)/.exec(said)[1]);
  console.log(`# exposure ${score}`);
  assert.ok(score <= 1.5, String(score));
});

test('a worker confines itself, and the supervisor gave up its rights for it', async () => {
  const children = readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
    try { return readFileSync(`/proc/${p}/status`, 'utf8').includes(`PPid:\t${site.pid}\n`); } catch { return false; }
  }).map((p) => readFileSync(`/proc/${p}/status`, 'utf8'));
  assert.ok(children.length >= 3, 'two workers and the jobs process');
  const confined = children.filter((s) => /Seccomp:\t2/.test(s));
  assert.equal(confined.length, 2, 'both workers have their filter');
  for (const s of children) {
    assert.match(s, /NoNewPrivs:\t1/);
    if (process.getuid() !== 0) assert.match(s, /CapEff:\t0+\n/);
  }
});

test('when the supervisor is killed its children go with it, and nobody keeps the port', async () => {
  const other = await openServer({ set: process.getuid() === 0 ? { user: 'postgres' } : {} });
  try {
    const children = run('pgrep', '-P', String(other.pid)).trim().split('\n');
    // What nobody has waited for yet is a name without a process.
    const lives = (pid) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    assert.ok(children.length >= 2 && children.every(lives));
    process.kill(other.pid, 'SIGKILL');
    await until('all have ended', async () => !children.some(lives));
  } finally {
    await other.close();
  }
});

test('a confined worker serves: pages, a sign-in, a large body, a password, and a database that went away', async () => {
  const [hat] = site.rows(`SELECT id FROM identity.hat WHERE council_id = 1 AND role = 'holder' ORDER BY id LIMIT 1`)[0];
  const me = await new Visitor(site).become(1, hat);
  assert.equal((await me.get('/money')).status, 200);
  assert.equal((await me.post('/worried', { concern: 'x'.repeat(200000) })).status, 422, 'a body that is spooled to a file');
  const refused = await new Visitor(site).post('/sign-in/password', { user: 'nobody@town.example', password: 'wrong' });
  assert.ok(refused.status === 422 && refused.text.includes('the password is not right'), 'a helper thread has looked at the password');
  site.psql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mc_web';`);
  let status = 0;
  for (const end = Date.now() + 15000; Date.now() < end && status !== 200;) status = (await me.get('/money')).status;
  assert.equal(status, 200, 'the worker connects again');
  assert.doesNotMatch(site.log(), /child_ended/, 'and none was lost');
});

const readMetrics = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();

test('the page of metrics is in the exposition format, every series with help and type, once', async () => {
  const text = await readMetrics();
  assert.ok(text.endsWith('\n'));
  const types = new Map(), seen = new Set();
  for (const line of text.trimEnd().split('\n')) {
    const meta = /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/.exec(line);
    if (meta) {
      if (meta[1] === 'TYPE') { assert.ok(!types.has(meta[2]), `${meta[2]} twice`); types.set(meta[2], meta[3]); }
      continue;
    }
    const sample = /^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})? (-?\d+(?:\.\d+)?)$/.exec(line);
    assert.ok(sample, line);
    assert.ok(types.has(sample[1]), `${sample[1]} has no type before it`);
    assert.ok(!seen.has(sample[1] + (sample[2] ?? '')), `${line} twice`);
    seen.add(sample[1] + (sample[2] ?? ''));
    if (types.get(sample[1]) === 'counter') assert.match(sample[1], /_total$/);
  }
  assert.ok(seen.size > 20);
});

test('every alert asks for figures that exist, and names a section of the runbook', async () => {
  const alerts = read('config/prometheus/alerts.yml'), known = await readMetrics();
  const sections = [...read('README.md').split('### Runbook')[1].matchAll(/^\* \*\*(.+?)\*\*:/gm)].map((m) => m[1]);
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map((m) => m[1]);
  assert.ok(names.length >= 8 && new Set(names).size === names.length);
  for (const metric of new Set(alerts.match(/marketcross_\w+/g))) assert.ok(known.includes(`# TYPE ${metric} `), metric);
  const runbook = [...alerts.matchAll(/runbook: "([^"]+)"/g)].map((m) => m[1]);
  assert.equal(runbook.length, names.length, 'each alert says what to do');
  for (const section of runbook) assert.ok(sections.includes(section), `README.md has no "${section}"; it has ${sections.join(', ')}`);
  for (const section of sections) assert.ok(runbook.includes(section), `no alert leads to "${section}"`);
});

test('the sample configuration and the manual are what the program says', (t) => {
  assert.equal(read('config/marketcross.conf.sample'), run(program, 'config', 'sample'));
  const page = read('config/man/marketcross.8');
  assert.equal(page, run('config/man/make.sh', program), 'run: config/man/make.sh build/release/marketcross >config/man/marketcross.8');
  for (const [, key] of read('daemon/base/conf.def').matchAll(/^(?:TEXT|NUMBER|TRUTH)\((\w+),/gm)) assert.ok(page.includes(`\n.It Ic ${key}\n`), key);
  const commands = run(program, '--help').split('\n').slice(2).map((l) => l.trim().split(' ')[0]).filter(Boolean);
  assert.ok(commands.length >= 10);
  for (const c of commands) assert.match(page, new RegExp(`\\n\\.It Ic ${c}\\b`.replace('Ic -', 'Ic -')), c);
  if (!isThere('groff')) return t.diagnostic('groff is not installed: the page was not set');
  const set = spawnSync('groff', ['-mdoc', '-Tutf8', '-ww', path.join(root, 'config/man/marketcross.8')], { encoding: 'utf8' });
  assert.equal(set.stderr, '');
  return undefined;
});
