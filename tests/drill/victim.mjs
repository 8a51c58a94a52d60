// One worker that is told which of its allocations or system calls shall fail (fault.c), and the pages and forms that people use most, asked of it.
import { readFileSync, readdirSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { kill, root, sleep, until } from './town.mjs';
import { Load } from './load.mjs';

export const shim = join(root, 'build/drill/fault.so');

// The order to the preloaded tool, and what it did: one file each, which a worker without rights may read and write.
export class Orders {
  constructor(file) {
    this.file = file;
    this.give('nothing 0');
    chmodSync(file, 0o644);
    chmodSync(`${file}.hit`, 0o666);
  }
  give(order) { writeFileSync(this.file, order); writeFileSync(`${this.file}.hit`, ''); }
  hit() { return readFileSync(`${this.file}.hit`, 'utf8').trim(); }
}

export class Victim {
  constructor(town) { Object.assign(this, { town, orders: new Orders(join(town.home, 'fault')), agent: new http.Agent() }); }

  async start() {
    const { town } = this;
    await town.startServer({ workers: 1, env: { LD_PRELOAD: shim, FAULT_FILE: this.orders.file } });
    this.load = new Load(town, { clients: 1, wait: 8000 });
    const me = { Cookie: `s=${town.persons[0].token}` }, ask = `/ask/${town.listing}`;
    // Of the last two, one has a head and one a body that reach the worker in several pieces, and a body so large that it is kept in a file.
    this.asked = [['/'], ['/services?q=walk&near=EM1+2AB'], ['/events'], [`/services/${town.listing}`], ['/sign-in'], ['/money', me], ['/orders', me], ['/money.csv', me], [ask, me],
      ['/no-such-page'], ['/', { Cookie: 'x='.padEnd(14_000, 'y') }], [ask, { ...me, 'Content-Type': 'application/json', Accept: 'application/json' }, `{"minutes": "${'9'.repeat(200_000)}"}`]];
  }

  worker() { return this.town.workers()[0]; }

  // Every page and one order over one connection; what was not answered is noted and the connection made anew.
  async run() {
    const { load } = this, agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const statuses = [];
    for (const [path, headers = {}, body] of this.asked) statuses.push((await load.request({ method: body ? 'POST' : 'GET', path, headers, body, agent })).status);
    const i = load.intent(0);
    load.note(i, await load.send(i));
    agent.destroy();
    load.agent.destroy();
    load.agent = new http.Agent({ keepAlive: true });
    return statuses;
  }

  arm(order) {
    this.orders.give(order);
    kill(this.worker(), 'SIGVTALRM');
    return sleep(5);
  }

  ready() {
    return until(async () => this.worker() && (await this.load.request({ path: '/health/ready', wait: 1000, agent: this.agent })).status === 200, 8000);
  }

  descriptors() {
    try {
      return readdirSync(`/proc/${this.worker()}/fd`).length;
    } catch { return NaN; }
  }

  // Ends by signal, with what was said before them: what a library says carries no level, and frames of the program are named by function and line.
  crashes() {
    const lines = readFileSync(join(this.town.dir, 'server.log'), 'utf8').split('\n');
    const named = (line) => {
      const [, file, at] = /^([^\s(]*marketcross)\(\+(0x[0-9a-f]+)\)/.exec(line) ?? [];
      return at ? this.town.sh('addr2line', ['-fpse', file, at]).trim() : line;
    };
    const ends = lines.filter((l) => /signal=[1-9]/.test(l));
    return ends.length ? [...ends, ...lines.filter((l) => l && !/ level=/.test(l) && !/^memory\.exhausted/.test(l)).map(named)] : [];
  }
}

const CLEAR = [0, 200, 301, 400, 404, 413, 422, 500, 503, 504];

// Gives orders `kind 1`, `kind 1 + step`, … until the scenario ends before the fault; judge(n, hit) says what is odd after one. STEP=1 tries every n; else about
// `tries` are tried: at least that many, and fewer than twice as many.
export async function eachFault(victim, kind, tries, judge) {
  let most = 1;
  for (let n = 32; n < 1 << 22; n *= 2) {
    await victim.arm(`${kind} ${n}`);
    await victim.run();
    await victim.ready();
    if (!victim.orders.hit()) break;
    most = n;
  }
  const step = Number(process.env.STEP || Math.max(1, Math.floor(most / tries)));
  const found = { hits: 0, ended: 0, step, odd: [], kinds: new Set() };
  for (let n = 1; ; n += step) {
    const before = victim.worker();
    await victim.arm(`${kind} ${n}`);
    const statuses = await victim.run(), hit = victim.orders.hit();
    if (!hit) break;
    found.hits++;
    found.kinds.add(hit);
    if (statuses.some((s) => !CLEAR.includes(s))) found.odd.push(`${n} ${hit}: ${statuses}`);
    if (!await victim.ready()) found.odd.push(`${n} ${hit}: the worker did not come back`);
    await victim.arm('nothing 0');
    found.ended += victim.worker() !== before ? 1 : 0;
    const odd = await judge?.(n, hit, before);
    if (odd) found.odd.push(`${n} ${hit}: ${odd}`);
  }
  return found;
}
