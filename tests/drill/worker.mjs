// Workers killed with SIGKILL under load. KILLS=50: how many.
import { Town, drill, kill, sleep, until, quantile } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const kills = Number(process.env.KILLS || 50);
const town = new Town('drill-worker');

await drill(town, async (report) => {
  // Whichever of two, however lately it was started: one that could serve is replaced at once, and the other serves meanwhile.
  await town.startServer();
  const load = new Load(town, { clients: 8, pace: 5 });
  load.start();
  await sleep(500);
  const back = [];
  for (let n = 0; n < kills; n++) {
    const before = town.workers();
    const victim = before[n % before.length];
    const at = Date.now();
    kill(victim, 'SIGKILL');
    const replaced = await until(() => { const now = town.workers(); return now.length === before.length && !now.includes(victim); }, 20_000, 5);
    if (!replaced) break;
    back.push(Date.now() - at);
    await sleep(100 + Math.random() * 200);
  }
  report.fact(back.length === kills, `${back.length} of ${kills} killed workers replaced, after ${quantile(back, 0.5)} ms (median), ${Math.max(...back)} ms (most)`);
  await load.stop();
  await checkAll(report, town, load, { endsProcesses: true });
  load.close();
});
