// A town to break: a scratch cluster with default durability, the demonstration town, people with budgets and sessions of their own, and the server.
// What is started here is stopped here, by process id; PostgreSQL is a child of ours so that a killed one is reaped.
import { spawn, execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { readFileSync, writeFileSync, realpathSync, rmSync, mkdirSync, openSync, closeSync, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../e2e/server.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const program = join(root, 'build/release/marketcross');
const postgres = '/usr/lib/postgresql/15/bin/postgres';
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const isRoot = process.getuid() === 0;

// Polls until test() is true; false when that took longer than ms.
export async function until(test, ms, step = 20) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await test()) return true;
    await sleep(step);
  }
  return false;
}

const childrenOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch { return []; }
};
export const treeOf = (pid) => [pid, ...childrenOf(pid).flatMap(treeOf)];
const isRunning = (pid) => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch { return false; }
};
export const kill = (pid, signal) => { try { process.kill(pid, signal); return true; } catch { return false; } };

export class Town {
  constructor(name, { people = 40, budget = 100_000_000, settings = [] } = {}) {
    Object.assign(this, { name, people, budget, settings, log: [] });
    this.dir = join(root, 'build', `scratch-${name}`);
  }

  sh(file, args, options = {}) {
    return execFileSync(file, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'], ...options });
  }
  sql(text, role = 'postgres') {
    return this.sh('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-h', this.socket, '-U', role, '-d', 'mc', '-f', '-'], { input: text }).trim();
  }
  // The same without stopping the load that runs in this process; null when it fails.
  async ask(text) {
    try {
      return (await promisify(execFile)('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-h', this.socket, '-U', 'postgres', '-d', 'mc', '-c', text],
        { timeout: 5000 })).stdout.trim();
    } catch { return null; }
  }
  // Statements whose rows nobody wants, in one psql that is kept for them until PostgreSQL is stopped: a session of its own each time would cost more than they do.
  run(text) {
    this.psql ??= this.openPsql();
    return new Promise((done, failed) => {
      Object.assign(this.psql, { done, failed });
      this.psql.stdin.write(`${text}\n\\warn all of it\n`);
    });
  }
  openPsql() {
    const psql = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', this.socket, '-U', 'postgres', '-d', 'mc', '-f', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    psql.stderr.setEncoding('utf8').on('data', (d) => {
      said += d;
      if (!said.endsWith('all of it\n')) return;
      said = '';
      psql.done();
    });
    psql.stdin.on('error', () => {});
    psql.once('close', () => psql.failed(new Error(`psql ended: ${said}`)));
    return psql;
  }
  closePsql() {
    this.psql?.stdin.end();
    this.psql = undefined;
  }
  conninfo(role, host = this.socket) { return `host=${host} dbname=mc user=${role}`; }

  async make() {
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true });
    this.port = Number(process.env.PORT) || await freePort();
    this.socket = this.sh('config/cluster.sh', ['start', this.dir]).trim();
    this.sh('config/cluster.sh', ['database', this.dir, 'mc']);
    this.sh('config/cluster.sh', ['stop', this.dir]);
    this.home = realpathSync(join(this.dir, 'data'));
    await this.startPostgres();
    this.sh(program, ['migrate', '--database', this.conninfo('mc_migrate')]);
    this.sh(program, ['demo', 'load', '--database', this.conninfo('mc_migrate'), '--seed', 'sql/seed']);
    this.sql(readFileSync(join(root, 'tests/drill/people.sql'), 'utf8').replaceAll(':people', this.people).replaceAll(':budget', this.budget));
    this.persons = this.sql('SELECT id, token, outcome FROM drill.person ORDER BY id').split('\n').map((l) => {
      const [id, token, outcome] = l.split('|');
      return { id: Number(id), token, outcome };
    });
    this.listing = this.sql(`SELECT ref FROM catalogue.listing WHERE title = 'Walking company'`);
    this.day = this.sql(`SELECT (ledger.today() + 7)::text`);
    mkdirSync(join(this.dir, 'spool'), { recursive: true });
    if (isRoot) this.sh('chown', ['postgres', join(this.dir, 'spool')]);
    writeFileSync(join(this.dir, 'secret'), createHash('sha256').update(this.name).digest(), { mode: 0o600 });
    return this;
  }

  // ---- PostgreSQL

  async startPostgres() {
    const as = isRoot ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups'] : [];
    const [file, ...args] = [...as, postgres, '-D', join(this.home, 'pg')];
    const out = openSync(join(this.dir, 'postgres.log'), 'a');
    this.pg = spawn(file, args, { cwd: '/', stdio: ['ignore', out, out] });
    closeSync(out);
    this.pg.gone = new Promise((done) => this.pg.once('exit', done));
    const ready = await until(async () => (await this.ask('SELECT 1')) === '1', 60_000, 50);
    if (!ready) throw new Error(`PostgreSQL did not start, see ${this.dir}/postgres.log`);
  }
  async killPostgres() {
    this.closePsql();
    // A backend that lives on keeps the next PostgreSQL from starting: none may be forked after we have looked, and one that waits for the disk dies later.
    kill(this.pg.pid, 'SIGSTOP');
    const tree = treeOf(this.pg.pid);
    for (const pid of tree) kill(pid, 'SIGKILL');
    await until(() => !tree.some(isRunning), 20_000);
    await this.pg.gone;
  }
  async stopPostgres() {
    this.closePsql();
    kill(this.pg.pid, 'SIGINT');
    await this.pg.gone;
  }

  // ---- the server

  async startServer({ host = this.socket, env = {}, port = this.port, workers = 2, wait = true } = {}) {
    const settings = { demo: 'true', port, workers, base_url: `http://localhost:${port}`, connections_per_address: 4000, log_level: 'warn',
      database: this.conninfo('mc_web', host), jobs_database: this.conninfo('mc_jobs', host), secret_file: join(this.dir, 'secret'),
      spool_dir: join(this.dir, 'spool') };
    const args = ['serve', ...Object.entries(settings).flatMap(([k, v]) => ['--set', `${k}=${v}`]), ...this.settings.flatMap((s) => ['--set', s])];
    const errors = openSync(join(this.dir, 'server.log'), 'a');
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', errors], env: { ...process.env, ...env } });
    closeSync(errors);
    child.gone = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
    let said = '';
    child.stdout.on('data', (d) => { said += d; });
    this.server = child;
    if (wait && !(await until(() => said.includes('ready'), 20_000))) throw new Error(`the server did not start, see ${this.dir}/server.log`);
    return child;
  }
  // The children that hold the listening socket are workers; the one that does not is jobs.
  isWorker(pid) {
    const port = this.port.toString(16).toUpperCase().padStart(4, '0');
    const line = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((l) => l.trim().split(/\s+/)).find((f) => f[1]?.endsWith(`:${port}`) && f[3] === '0A');
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${line?.[9]}]`);
    } catch { return false; }
  }
  workers(server = this.server) {
    return childrenOf(server.pid).filter((pid) => this.isWorker(pid));
  }
  jobsPid() {
    return childrenOf(this.server.pid).find((pid) => !this.isWorker(pid));
  }
  async stopServer(server = this.server) {
    kill(server.pid, 'SIGTERM');
    return server.gone;
  }

  // ---- the end

  verify(...more) {
    try {
      return { clean: true, said: this.sh(program, ['verify', '--database', this.conninfo('mc_verify'), ...more]) };
    } catch (e) {
      return { clean: false, code: e.status, said: `${e.stdout}${e.stderr}` };
    }
  }
  async end() {
    if (this.server?.exitCode === null && this.server.signalCode === null) await this.stopServer();
    if (this.pg?.exitCode === null && this.pg.signalCode === null) await this.stopPostgres();
    if (this.home && existsSync(this.home)) rmSync(this.home, { recursive: true, force: true });
    if (!process.env.KEEP) rmSync(this.dir, { recursive: true, force: true });
  }
}

// Says each fact of a drill as it is found, in the Test Anything Protocol; the exit code is 1 when one was wrong. Times are said and never judged: how fast
// the machine is just now is no fault of the program. What does not come back at all is one.
export class Report {
  failed = 0;
  said = 0;
  fact(ok, text) {
    console.log(`${ok ? 'ok' : 'not ok'} ${++this.said} - ${text}`);
    if (!ok) this.failed++;
    return ok;
  }
}

export async function drill(town, body) {
  const report = new Report();
  // What nobody waits for must not leave processes behind either.
  for (const event of ['unhandledRejection', 'uncaughtException', 'SIGINT', 'SIGTERM'])
    process.once(event, (e) => { report.fact(false, e?.stack ?? event); void town.end().finally(() => process.exit(1)); });
  const cut = setTimeout(() => { report.fact(false, 'the drill took too long'); void town.end().finally(() => process.exit(1)); },
    Number(process.env.LIMIT || 900) * 1000);
  try {
    await town.make();
    await body(report);
  } catch (e) {
    report.fact(false, e.stack ?? String(e));
  } finally {
    clearTimeout(cut);
    await town.end();
  }
  process.exitCode = report.failed ? 1 : 0;
  // Load that nobody has stopped, because something threw before, would go on for ever.
  setTimeout(() => process.exit(), 2000).unref();
}

export const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(q * list.length))] ?? 0;
