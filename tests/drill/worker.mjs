// Workers killed with SIGKILL under load. KILLS=10: how many.
import { Town, drill, kill, sleep, until, quantile } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const kills = Number(process.env.KILLS || 10);
const town = new Town('drill-worker', { port: Number(process.env.PORT || 8205) });

await drill(town, async (report) => {
  await town.startServer();
  const load = new Load(town, { clients: 8, pace: 5 });
  load.start();
  await sleep(500);
  const back = [];
  for (let n = 0; n < kills; n++) {
    const before = town.workers();
    const victim = before[0];
    const at = Date.now();
    kill(victim, 'SIGKILL');
    const replaced = await until(() => { const now = town.workers(); return now.length === before.length && !now.includes(victim); }, 5000, 5);
    if (!replaced) break;
    back.push(Date.now() - at);
    await sleep(1050 + Math.random() * 200);
  }
  report.fact(back.length === kills, `${back.length} of ${kills} killed workers replaced`);
  report.fact(Math.max(...back) <= 1000, `back after ${quantile(back, 0.5)} ms (median), ${Math.max(...back)} ms (most)`);
  await load.stop();
  await checkAll(report, town, load);
  report.fact(load.slowest <= 2500, `no request took longer than ${load.slowest} ms; answers ${JSON.stringify(load.statuses)}`);
  load.close();
});
