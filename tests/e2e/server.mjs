// A scratch cluster with the demonstration town, and a server on a free loopback port, for one test file. Everything lies in a folder below build/
// and is stopped and removed by close(); only processes started here are ended.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';

export const root = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..');
export const program = path.join(root, process.env.MC_PROGRAM ?? 'build/release/marketcross');

export async function freePort() {
  const s = createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const { port } = s.address();
  s.close();
  await once(s, 'close');
  return port;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, check, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) if (await check()) return;
  throw new Error(`${what}: not within ${ms} ms`);
}

/** A database with the schema of the program, and the town unless `town` is false. */
export function openDatabase({ town = true } = {}) {
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const dir = mkdtempSync(path.join(root, 'build/e2e-'));
  const cluster = (...args) => execFileSync(path.join(root, 'config/cluster.sh'), args, { encoding: 'utf8', env: { ...process.env, MC_PG_OPTIONS: '-c fsync=off' } }).trim();
  const socket = cluster('start', dir);
  cluster('database', dir, 'mc');
  const conninfo = (role) => `host=${socket} dbname=mc user=${role}`;
  const close = () => {
    cluster('stop', dir);
    rmSync(realpathSync(path.join(dir, 'data')), { recursive: true, force: true });
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    execFileSync(program, ['migrate', '--database', conninfo('mc_migrate')], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (town) execFileSync(program, ['demo', 'load', '--database', conninfo('mc_migrate'), '--seed', path.join(root, 'sql/seed')]);
  } catch (e) {
    close();
    throw e;
  }
  /** Runs a script; lines of unaligned output. Stops at the first error unless told otherwise. */
  const psql = (script, { role = 'postgres', stop = true, all = false } = {}) => {
    const r = spawnSync('psql', ['-X', '-q', '-A', '-t', '-F', '\t', ...(stop ? ['-v', 'ON_ERROR_STOP=1'] : []), '-h', socket, '-U', role, '-d', 'mc', '-f', '-'],
      { input: script, encoding: 'utf8', cwd: root, maxBuffer: 1 << 28 });
    if (stop && r.status !== 0) throw new Error(`psql: ${r.stderr}`);
    return (all ? r.stdout + r.stderr : r.stdout).split('\n').filter((line) => line !== '');
  };
  const rows = (sql) => psql(sql).map((line) => line.split('\t'));
  return { dir, socket, conninfo, psql, rows, close };
}

/** The town with a server before it. */
export async function openServer({ town = true, set = {} } = {}) {
  const database = openDatabase({ town });
  const port = await freePort();
  const base = `${set.tls_certificate ? 'https' : 'http'}://localhost:${port}`;
  writeFileSync(path.join(database.dir, 'secret'), randomBytes(32));
  const settings = { demo: true, port, base_url: base, workers: 1, secret_file: path.join(database.dir, 'secret'), spool_dir: '/tmp', log_level: 'warn', user: '',
    connections_per_address: 1000, database: database.conninfo('mc_web'), jobs_database: database.conninfo('mc_jobs'), ...set };
  const args = Object.entries(settings).filter(([, v]) => v !== '').flatMap(([k, v]) => ['--set', `${k}=${v}`]);
  let log = '';
  const server = spawn(program, ['serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (d) => { log += d; });
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    database.close();
  };
  try {
    await until('the server is ready', async () => {
      if (server.exitCode !== null) throw new Error(`the server ended: ${log}`);
      return fetch(`${base}/health/ready`).then((r) => r.ok, () => false);
    });
  } catch (e) {
    await close();
    throw e;
  }
  return { ...database, base, port, settings, pid: server.pid, log: () => log, close };
}

/** Bytes to the server, and all bytes back until it closes or falls silent. */
export async function raw(port, bytes, { host = '127.0.0.1', quietMs = 300, limitMs = 5000 } = {}) {
  const socket = connect(port, host);
  let got = Buffer.alloc(0);
  let last = Date.now();
  let isOpen = true;
  socket.on('data', (d) => { got = Buffer.concat([got, d]); last = Date.now(); });
  socket.on('error', () => { isOpen = false; });
  socket.on('close', () => { isOpen = false; });
  await Promise.race([once(socket, 'connect'), sleep(limitMs)]);
  socket.write(bytes);
  for (const end = Date.now() + limitMs; isOpen && Date.now() < end && !(got.length && Date.now() - last > quietMs);) await sleep(10);
  socket.destroy();
  return { text: got.toString('latin1'), closed: !isOpen };
}

/** Somebody with a browser's manners: keeps the cookie, reads forms, follows nothing. */
// Node 18 joins the cookies of an answer; we set one at a time.
export const setCookies = (headers) => headers.getSetCookie?.() ?? [headers.get('set-cookie')].filter(Boolean);

export class Visitor {
  constructor(site) {
    this.site = site;
    this.cookie = '';
  }

  async send(method, address, { body, headers = {} } = {}) {
    const r = await fetch(this.site.base + address, {
      method, redirect: 'manual', body,
      headers: { ...(this.cookie ? { cookie: this.cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
    });
    for (const set of setCookies(r.headers)) this.cookie = /Max-Age=0/.test(set) ? '' : set.split(';')[0];
    return { status: r.status, headers: r.headers, location: r.headers.get('location'), text: await r.text() };
  }

  get(address, headers) {
    return this.send('GET', address, { headers });
  }

  /** A token that belongs to this visitor's session, read from a page with forms. */
  async csrf() {
    const token = /name="csrf" value="([^"]+)"/.exec((await this.get('/sign-in')).text)?.[1];
    if (!token) throw new Error('the page to sign in has no form');
    return token;
  }

  /** A form sent with its token and a fresh key. */
  async post(address, fields = {}, headers) {
    const body = new URLSearchParams({ csrf: this.token ??= await this.csrf(), key: randomUUID(), ...fields });
    return this.send('POST', address, { body: body.toString(), headers });
  }

  async become(council, hat) {
    this.cookie = '';
    this.token = undefined;
    const r = await this.post(`/demo/sign-in/${council}/${hat}`);
    if (r.status !== 303) throw new Error(`hat ${council}/${hat} cannot sign in: ${r.status}`);
    this.token = undefined;
    return this;
  }
}
