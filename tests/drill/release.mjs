// A release under load: a second server starts on the same port while the first is told to end. No request is lost.
import { Town, drill, kill, sleep } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const rounds = Number(process.env.ROUNDS ?? 3);
const town = new Town('drill-release', { port: Number(process.env.PORT ?? 8210) });

await drill(town, async (report) => {
  let old = await town.startServer();
  const load = new Load(town, { clients: 8, pace: 2 });
  load.start();
  await sleep(700);
  for (let n = 0; n < rounds; n++) {
    const fresh = await town.startServer();
    kill(old.pid, 'SIGTERM');
    const { code } = await old.gone;
    report.fact(code === 0, `release ${n + 1}: the old server ended by itself with ${code}`);
    old = fresh;
    await sleep(700);
  }
  await load.stop();
  const odd = Object.entries(load.statuses).filter(([status]) => status !== '200');
  report.fact(odd.length === 0, `${load.intents.size} requests over ${rounds} releases; answers other than 200: ${JSON.stringify(odd)}`);
  await checkAll(report, town, load);
  load.close();
});
