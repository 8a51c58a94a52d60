// A release under load: SIGUSR2 starts the program anew on the same sockets, and the old one ends when the new one is ready. No request is lost.
import { readFileSync } from 'node:fs';
import { Town, drill, kill, sleep, until, treeOf } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const rounds = Number(process.env.ROUNDS || 3);
const town = new Town('drill-release');

// A successor is no child of ours: it has ended when it is gone, or waits for whoever adopted it to notice.
const lives = (pid) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch { return false; }
};
const isSupervisor = (pid, of) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('serve') && treeOf(pid).length > 1 && pid !== of;

await drill(town, async (report) => {
  let pid = (await town.startServer()).pid;
  const load = new Load(town, { clients: 8, pace: 2 });
  load.start();
  await sleep(700);
  for (let n = 0; n < rounds; n++) {
    kill(pid, 'SIGUSR2');
    let fresh;
    await until(() => { fresh = treeOf(pid).slice(1).find((p) => { try { return isSupervisor(p, pid); } catch { return false; } }); return fresh !== undefined; }, 10_000);
    const ended = fresh !== undefined && await until(() => !lives(pid), 40_000);
    report.fact(ended && lives(fresh), `release ${n + 1}: process ${fresh} took over from ${pid}`);
    if (!ended) break;
    pid = fresh;
    town.server = { pid, exitCode: null, signalCode: null, gone: until(() => !lives(pid), 60_000) };
    await sleep(700);
  }
  await load.stop();
  const odd = Object.entries(load.statuses).filter(([status]) => status !== '200');
  report.fact(odd.length === 0, `${load.intents.size} requests over ${rounds} releases; answers other than 200: ${JSON.stringify(odd)}; slowest ${load.slowest} ms`);
  await checkAll(report, town, load);
  load.close();
});
