// Slow heads, bodies and readers, CLIENTS=2000 of them, beside a good client: it is answered as before, its p99 stays under twice what it is without them,
// and each of the slow ones is cut. The figures of one round are taken one after the other; a machine that stumbles for a moment gets two more rounds.
// With TIMES=print the p99 is said and not judged: what else a machine does decides over times, and `make test` judges none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { openServer } from '../e2e/server.mjs';
import { Report, quantile, sleep, until, kill } from './town.mjs';

const clients = Number(process.env.CLIENTS || 2000), asks = Number(process.env.ASKS || 300), kinds = ['heads', 'bodies', 'readers'];
const judgesTimes = process.env.TIMES !== 'print';
const each = Math.ceil(clients / kinds.length);
const report = new Report();
const site = await openServer({ town: false, set: { demo: false, connections: clients + 1000, connections_per_address: clients + 1000 } });
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const get = (path) => new Promise((done) => {
  const started = process.hrtime.bigint();
  const end = (status, text) => done({ status, text, ms: Number(process.hrtime.bigint() - started) / 1e6 });
  http.get({ port: site.port, host: '127.0.0.1', path, agent, headers: { Host: 'localhost' } }, (res) => {
    let text = '';
    res.setEncoding('utf8').on('data', (d) => { text += d; }).on('end', () => end(res.statusCode, text));
  }).on('error', (e) => end(e.code));
});

async function measure() {
  const times = [], odd = [];
  for (let n = 0; n < asks; n++) {
    const answer = await get('/services?q=walk');
    times.push(answer.ms);
    if (answer.status !== 200) odd.push(answer.status);
  }
  return { p99: quantile(times, 0.99), odd };
}

function crowd(asset) {
  const child = spawn(process.execPath, [new URL('slow_clients.mjs', import.meta.url).pathname, site.port, each, asset], { stdio: ['ignore', 'pipe', 'inherit'] });
  const state = { child, open: {}, cut: {} };
  createInterface({ input: child.stdout }).on('line', (line) => Object.assign(state, JSON.parse(line)));
  return state;
}
const all = (counts) => kinds.every((kind) => counts[kind] >= each);

async function round() {
  const asset = /\/assets\/[^"]+\.css/.exec((await get('/')).text)[0];
  const idle = await measure(), slow = crowd(asset);
  await until(() => all(slow.open), 30_000);
  const busy = await measure();
  const cut = await until(() => all(slow.cut), 120_000, 200);
  kill(slow.child.pid, 'SIGKILL');
  await once(slow.child, 'exit');
  return { ...slow, idle, busy, allCut: cut, ratio: busy.p99 / idle.p99 };
}

try {
  await measure();
  const rounds = [await round()];
  while (judgesTimes && rounds.at(-1).ratio >= 2 && rounds.length < 3) {
    await sleep(1000);
    rounds.push(await round());
  }
  const last = rounds.at(-1), ratios = rounds.map((r) => r.ratio.toFixed(2)).join(', ');
  report.fact(all(last.open), `slow clients connected: ${JSON.stringify(last.open)}`);
  report.fact(rounds.every((r) => r.idle.odd.length + r.busy.odd.length === 0), `the good client had ${asks} answers of 200 with none and with all of them`);
  const said = `its p99 was ${last.busy.p99.toFixed(2)} ms beside them and ${last.idle.p99.toFixed(2)} ms alone: ratio ${ratios}`;
  if (judgesTimes) report.fact(last.ratio < 2, said);
  else console.log(`# ${said}`);
  report.fact(rounds.every((r) => r.allCut), `every slow client was cut: ${JSON.stringify(last.cut)}`);
} finally {
  agent.destroy();
  await site.close();
}
process.exitCode = report.failed ? 1 : 0;
