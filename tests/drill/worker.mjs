// Workers killed with SIGKILL under load. KILLS=50: how many. When each place was served again is read from the program's own log: whoever makes the load
// is kept waiting by it too, and would find out late. Within a second is demanded; with TIMES=print the times are only said, as in `make test`.
import { readFileSync } from 'node:fs';
import { Town, drill, kill, sleep, until, quantile } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const kills = Number(process.env.KILLS || 50), judgesTimes = process.env.TIMES !== 'print';
const town = new Town('drill-worker', { settings: ['log_level=info'] });

const said = () => [...readFileSync(`${town.dir}/server.log`, 'utf8')
  .matchAll(/^(worker\.ready|supervise\.child_ended) .*?worker=?(?<worker>\d+) pid=(?<pid>\d+) .*?at=(?<at>\S+)/gm)]
  .map(({ 1: event, groups: { worker, pid, at } }) => ({ event, worker, pid: Number(pid), at: Date.parse(at) }));

// Milliseconds from the kill until the same place was served again; undefined when that one was killed before it could serve.
function backAfter(log, { pid, at }) {
  const end = log.findIndex((e) => e.event === 'supervise.child_ended' && e.pid === pid);
  const next = log.slice(end + 1).find((e) => e.worker === log[end].worker);
  return next?.event === 'worker.ready' ? next.at - at : undefined;
}

await drill(town, async (report) => {
  // Whichever of two, however lately it was started: one that could serve is replaced at once, and the other serves meanwhile.
  await town.startServer();
  const load = new Load(town, { clients: 8, pace: 5 });
  load.start();
  await sleep(500);
  const killed = [];
  for (let n = 0; n < kills; n++) {
    const before = town.workers();
    const victim = { pid: before[n % before.length], at: Date.now() };
    kill(victim.pid, 'SIGKILL');
    if (!await until(() => { const now = town.workers(); return now.length === before.length && !now.includes(victim.pid); }, 20_000)) break;
    killed.push(victim);
    await sleep(100 + Math.random() * 200);
  }
  await load.stop();
  await until(() => said().at(-1).event === 'worker.ready', 20_000);
  const log = said(), back = killed.map((k) => backAfter(log, k)).filter((ms) => ms !== undefined), most = Math.max(...back);
  report.fact(killed.length === kills, `${killed.length} of ${kills} killed workers replaced`);
  report.fact(back.length > 0 && (most <= 1000 || !judgesTimes), `${back.length} of their places served again after ${quantile(back, 0.5)} ms (median), ${most} ms (most)`);
  console.log(`# ${load.outages.length} times a person was cut off and had the next answer after ${quantile(load.outages, 0.5)} ms (median), ${Math.max(...load.outages)} ms (most)`);
  await checkAll(report, town, load, { endsProcesses: true });
  load.close();
});
