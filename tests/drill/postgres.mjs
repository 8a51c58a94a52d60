// The whole PostgreSQL tree killed with SIGKILL under load, with default durability. KILLS=20: how many.
import { Town, drill, sleep, quantile } from './town.mjs';
import { Load, checkAll } from './load.mjs';

const kills = Number(process.env.KILLS || 20);
const town = new Town('drill-postgres');

await drill(town, async (report) => {
  await town.startServer();
  const load = new Load(town, { clients: 8, pace: 5, wait: 9000 });
  load.start();
  await sleep(500);
  const back = [];
  for (let n = 0; n < kills; n++) {
    await sleep(100 + Math.random() * 500);
    await town.killPostgres();
    if (n === 0) {
      await sleep(2500);
      const page = await load.request({ path: '/money', headers: { Cookie: `s=${town.persons[0].token}` }, wait: 9000 });
      report.fact(page.status === 503 && page.headers['retry-after'] && page.text.includes('the service is unavailable') && page.text.includes('</html>'),
        `while the database is away a person sees a page that says so: ${page.status}, ${/<h1[^>]*>([^<]*)/.exec(page.text ?? '')?.[1].trim()}`);
      const asset = await load.request({ path: '/health/live' });
      report.fact(asset.status === 200, 'and the server lives');
    }
    await town.startPostgres();
    back.push(await load.firstSuccess(15_000));
  }
  report.fact(back.every(Number.isFinite), `the first order after PostgreSQL is ready: ${quantile(back, 0.5)} ms (median), ${Math.max(...back)} ms (most) over ${kills} kills`);
  await load.stop();
  await checkAll(report, town, load);
  load.close();
});
