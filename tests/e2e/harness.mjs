// What every journey stands on: a demonstration town of its own on a scratch cluster, a server on a free port, a browser, and an HTTP client that
// reads forms as a person without a browser would. Everything started here is stopped here, by its process id.
//   BINARY=build/asan/marketcross node --test tests/e2e/story.test.mjs
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setCookies } from './server.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const require = createRequire(join(root, 'web/package.json'));
const program = resolve(root, process.env.BINARY ?? 'build/release/marketcross');
const run = promisify(execFile);

// ---------------------------------------------------------------- the town

// Prepared once a test file: cluster, schema, people, history. `serve` may be called again with another clock.
export class Town {
  static async open() {
    const town = new Town();
    town.dir = join(root, 'build', `e2e-${process.pid}`);
    mkdirSync(join(town.dir, 'spool'), { recursive: true });
    writeFileSync(join(town.dir, 'secret'), randomUUID() + randomUUID());
    const { stdout } = await run(join(root, 'config/cluster.sh'), ['start', town.dir], { cwd: root, env: { ...process.env, MC_PG_OPTIONS: '-c fsync=off' } });
    town.socket = stdout.trim();
    if (process.getuid() === 0) {
      const [uid, gid] = execFileSync('stat', ['-c', '%u %g', town.socket]).toString().trim().split(' ').map(Number);
      chownSync(join(town.dir, 'spool'), uid, gid);
    }
    await run(join(root, 'config/cluster.sh'), ['database', town.dir, 'mc']);
    await run(program, ['migrate', '--database', town.connection('mc_migrate')]);
    await run(program, ['demo', 'load', '--database', town.connection('mc_migrate'), '--seed', join(root, 'sql/seed')]);
    return town;
  }

  connection(user, clock) {
    return `host=${this.socket} dbname=mc user=${user}` + (clock ? ` options='-c mc.clock=${clock}'` : '');
  }

  // clock: an ISO moment that the business day is moved to; sessions and cookies live on across servers of one town.
  async serve({ clock, settings = {} } = {}) {
    await this.halt();
    const all = {
      demo: true, port: 0, base_url: 'http://localhost', workers: 1, log_level: 'warn', database: this.connection('mc_web', clock),
      jobs_database: this.connection('mc_jobs', clock), secret_file: join(this.dir, 'secret'), spool_dir: join(this.dir, 'spool'), ...settings,
    };
    this.server = spawn(program, ['serve', ...Object.entries(all).flatMap(([k, v]) => ['--set', `${k}=${v}`])], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    this.server.stderr.on('data', (d) => (this.log += d));
    this.url = await new Promise((done, fail) => {
      let said = '';
      this.server.stdout.on('data', (d) => {
        said += d;
        const ready = said.match(/ready at (http:\/\/localhost:\d+)/);
        if (ready) done(ready[1]);
      });
      this.server.once('exit', (code) => fail(new Error(`the server ended with ${code}: ${said}${this.log}`)));
    });
    return this.url;
  }

  async halt() {
    if (!this.server) return;
    const { exitCode, signalCode } = this.server;
    if (exitCode !== null || signalCode !== null) {
      this.server = null;
      throw new Error(`the server has ended by itself, ${signalCode ?? exitCode}: ${this.log}`);
    }
    const gone = new Promise((done) => this.server.once('exit', done));
    this.server.kill('SIGTERM');
    await gone;
    this.server = null;
  }

  async close() {
    try {
      await this.halt();
    } finally {
      const data = realpathSync(join(this.dir, 'data'));
      execFileSync(join(root, 'config/cluster.sh'), ['stop', this.dir]);
      rmSync(data, { recursive: true, force: true });
      rmSync(this.dir, { recursive: true, force: true });
    }
  }

  // Rows of a query, as text, read past row-level security: tests look at everything.
  sql(text) {
    const out = execFileSync('psql', ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-F', '|', '-h', this.socket, '-U', 'postgres', '-d', 'mc', '-c', text]).toString().trim();
    return out ? out.split('\n').map((line) => line.split('|')) : [];
  }

  // What `marketcross verify` finds: '' when log and ledger are whole.
  async verify() {
    const done = await run(program, ['verify', '--database', this.connection('mc_verify')]).catch((e) => e);
    return done.code ? done.stdout + done.stderr : '';
  }

  // One number a table of everything that a request may write: equal before and after means that nothing was changed.
  counts() {
    return this.sql(`SELECT string_agg(t || '=' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || t, false, true, '')))[1], ' ' ORDER BY t)
      FROM (SELECT schemaname || '.' || tablename AS t FROM pg_tables WHERE schemaname IN ('payments', 'ledger', 'catalogue', 'audit', 'identity') OR tablename IN ('idempotency', 'file')) x
      WHERE t NOT IN ('identity.session', 'identity.throttle', 'audit.look', 'audit.seal', 'audit.sealed_event', 'audit.sealed_journal', 'audit.unsealed')`)[0][0];
  }
}

// Tries again until the answer is not falsy: files are read by the jobs process, in its own time.
export async function eventually(what, ask, seconds = 20) {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

// ---------------------------------------------------------------- an HTTP client with a cookie jar

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#x27;': "'", '&#34;': '"' };
export const unescapeHtml = (text) => text.replace(/&[#\w]+;/g, (e) => entities[e] ?? e);
// The words of a page as somebody reads them.
export const textOf = (html) => unescapeHtml(html.replace(/^[^]*?<main\b/, '<main').replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim();

// Every form of a page: its address and the fields that it would send untouched.
export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)].map(([, attributes, body]) => ({
    action: unescapeHtml(attributes.match(/action="([^"]*)"/)?.[1] ?? ''),
    method: attributes.match(/method="([^"]*)"/)?.[1] ?? 'get',
    label: textOf(body.match(/<button\b[^>]*>([^]*?)<\/button>/)?.[1] ?? ''),
    fields: Object.fromEntries(
      [...body.matchAll(/<input\b([^>]*)>/g)]
        .map(([, a]) => [a.match(/\bname="([^"]*)"/)?.[1], unescapeHtml(a.match(/\bvalue="([^"]*)"/)?.[1] ?? ''), a.match(/type="([^"]*)"/)?.[1]])
        .filter(([name, , type]) => name && !['checkbox', 'radio', 'submit', 'file'].includes(type))
        .map(([name, value]) => [name, value]),
    ),
  }));
}

export class Client {
  constructor(town) {
    this.town = town;
    this.jar = new Map();
  }

  async send(path, { method = 'GET', headers = {}, body, follow = false } = {}) {
    const response = await fetch(this.town.url + path, {
      method, body, redirect: 'manual', headers: { ...(this.jar.size ? { cookie: [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ') } : {}), ...headers },
    });
    for (const cookie of setCookies(response.headers)) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value === '' || /max-age=0/i.test(cookie)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    const answer = { path, status: response.status, headers: response.headers, location: response.headers.get('location'), bytes, text: bytes.toString() };
    return follow && answer.location ? this.send(answer.location, { follow: true }) : answer;
  }

  get(path, options = {}) {
    return this.send(path, { follow: true, ...options });
  }

  // Fields with several values are arrays.
  post(path, fields, options = {}) {
    const body = new URLSearchParams(Object.entries(fields).flatMap(([k, v]) => (Array.isArray(v) ? v.map((x) => [k, x]) : [[k, v]])));
    return this.send(path, { method: 'POST', body, ...options });
  }

  // The form of a page whose address is (or matches) this, ready to be sent with `submit`.
  async form(path, action) {
    const page = await this.get(path);
    const found = formsOf(page.text).find((f) => f.method === 'post' && (action instanceof RegExp ? action.test(f.action) : f.action === action));
    if (!found) throw new Error(`${path} (${page.status}) has no form ${action}: ${formsOf(page.text).map((f) => f.action).join(', ')}`);
    return found;
  }

  submit(form, fields = {}, options = {}) {
    return this.post(form.action, { ...form.fields, ...fields }, { follow: true, ...options });
  }

  // A form with a file, as browsers send it.
  upload(form, name, fileName, content, options = {}) {
    const body = new FormData();
    for (const [k, v] of Object.entries(form.fields)) body.set(k, v);
    body.set(name, new Blob([content]), fileName);
    return this.send(form.action, { method: 'POST', body, follow: true, ...options });
  }

  async signIn(name) {
    this.jar.clear();
    const page = await this.get('/sign-in');
    const button = formsOf(page.text).find((f) => f.action.startsWith('/demo/sign-in/') && f.label === name);
    if (!button) throw new Error(`nobody called ${name} can sign in`);
    return this.submit(button);
  }
}

// ---------------------------------------------------------------- a browser

export async function browser() {
  const { chromium } = require('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// With script the button is pressed, without it too: the page is the same. Some people wear several hats; `about` chooses.
export async function signIn(page, url, name) {
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'));
}

export const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const key = () => randomUUID();
export const iso = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
