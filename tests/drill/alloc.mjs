// The n-th allocation of a worker fails, over the pages and forms that people use most. STEP=1 tries every n; the default tries TRIES=10 of them, or up to twice as many.
// Wanted: an answer or a clean end of the worker, which is replaced; nothing half written; never a crash by signal.
import { readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { Town, drill, kill, sleep, until, root } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const town = new Town('drill-alloc', { people: 4, settings: ['page_memory_mb=0'] }) // every round renders what it serves;
const shim = join(root, 'build/drill/fault.so');

await drill(town, async (report) => {
  const file = join(town.home, 'fault');
  writeFileSync(file, 'malloc 0');
  chmodSync(file, 0o644);
  writeFileSync(`${file}.hit`, '');
  chmodSync(`${file}.hit`, 0o666);
  await town.startServer({ workers: 1, env: { LD_PRELOAD: shim, FAULT_FILE: file } });
  const load = new Load(town, { clients: 1, wait: 8000 });
  const me = { Cookie: `s=${town.persons[0].token}` };
  const pages = [['/', {}], ['/services?q=walk&near=EM1+2AB', {}], ['/events', {}], [`/services/${town.listing}`, {}], ['/sign-in', {}], ['/money', me], ['/orders', me], ['/money.csv', me],
    [`/ask/${town.listing}`, me], ['/no-such-page', {}]];
  const worker = () => town.workers()[0];

  // Every page and one order over one connection; what was not answered is noted and the connection made anew.
  async function scenario() {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const statuses = [];
    for (const [path, headers] of pages) statuses.push((await load.request({ path, headers, agent })).status);
    const i = load.intent(0);
    load.note(i, await load.send(i));
    agent.destroy();
    load.agent.destroy();
    load.agent = new http.Agent({ keepAlive: true });
    return statuses;
  }
  const arm = (n) => { writeFileSync(file, `malloc ${n}`); writeFileSync(`${file}.hit`, ''); kill(worker(), 'SIGVTALRM'); return sleep(5); };
  const wasHit = () => readFileSync(`${file}.hit`, 'utf8') !== '';

  await scenario();
  const healthy = await scenario();
  report.fact(healthy.every((s) => [200, 301, 404].includes(s)), `all is well to begin with: ${healthy}`);

  // How many allocations the scenario makes: at least `most`, and less than twice as many.
  let most = 1;
  for (let n = 64; n < 1 << 22; n *= 2) {
    await arm(n);
    await scenario();
    await until(() => town.workers().length === 1, 5000);
    if (!wasHit()) break;
    most = n;
    await sleep(100);
  }
  const step = Number(process.env.STEP || Math.max(1, Math.floor(most / Number(process.env.TRIES || 10))));
  const odd = [];
  let hits = 0, ended = 0;
  for (let n = 1; ; n += step) {
    const before = worker();
    await arm(n);
    const statuses = await scenario();
    if (!wasHit()) break;
    hits++;
    if (statuses.some((s) => ![0, 200, 301, 404, 500, 503, 504].includes(s))) odd.push(`${n}: ${statuses}`);
    await arm(0);
    const back = await until(async () => worker() && (await load.request({ path: '/health/ready', wait: 1000, agent: new http.Agent() })).status === 200, 8000);
    if (!back) odd.push(`${n}: the worker did not come back`);
    ended += worker() !== before ? 1 : 0;
  }
  const log = readFileSync(join(town.dir, 'server.log'), 'utf8');
  // What a library says before it aborts carries no level.
  const crashes = log.split('\n').filter((l) => /signal=[1-9]/.test(l)), last = log.split('\n').filter((l) => l && !/ level=/.test(l));
  // A worker that is warm makes fewer than one that has just begun, so the last one is wherever the scenario ends.
  report.fact(hits >= 3, `${hits} allocations failed, one at a time and ${step} apart: ${ended} times the worker ended and was replaced`);
  report.fact(odd.length === 0, `no odd answer ${odd.slice(0, 5).join('; ')}`);
  report.fact(crashes.length === 0, `no crash by signal ${crashes.slice(0, 3).join('; ')} ${crashes.length ? last.join('; ') : ''}`);
  await checkAll(report, town, load);
  load.close();
});
