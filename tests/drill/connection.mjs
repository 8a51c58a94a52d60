// The connection to the database cut, silent, deaf, mute, lost, refused and dripping, under load. ROUNDS=1: how often each.
import { Town, drill, sleep } from './town.mjs';
import { Load, checkAll } from './load.mjs';
import { Proxy } from './proxy.mjs';

const rounds = Number(process.env.ROUNDS || 1);
const town = new Town('drill-connection');

await drill(town, async (report) => {
  const proxy = new Proxy(`${town.home}/proxy`, town.socket);
  await proxy.open();
  await town.startServer({ host: proxy.folder });
  const load = new Load(town, { clients: 8, pace: 5, wait: 9000 });
  load.start();
  await sleep(500);
  const during = async (mode, ms) => { proxy.mode = mode; await sleep(ms); };
  const faults = {
    'cut twenty times': async () => { for (let n = 0; n < 20; n++) { await sleep(30 + Math.random() * 120); proxy.cut(); } },
    'silent for 6 s, then all arrives': () => during('silent', 6000),
    'answers do not come back for 3 s, then cut': async () => { await during('deaf', 3000); proxy.cut(); },
    'answers do not come back for 1 s, then all arrive': () => during('deaf', 1000),
    'nothing gets there for 3 s, then cut': async () => { await during('mute', 3000); proxy.cut(); },
    'nothing gets there for 1 s, then all arrives': () => during('mute', 1000),
    'one byte at a time': () => during('drip', 1500),
    'never heard of again, while new ones are well': async () => { proxy.lose(); await sleep(500); },
    'refused for 3 s': async () => { proxy.mode = 'refuse'; proxy.cut(); await sleep(3000); },
  };
  for (let n = 0; n < rounds; n++)
    for (const [name, fault] of Object.entries(faults)) {
      await fault();
      proxy.heal();
      const back = await load.firstSuccess(20_000);
      report.fact(Number.isFinite(back), `${name}: the next order ${back} ms after it was over`);
    }
  await load.stop();
  await checkAll(report, town, load);
  load.close();
  await town.stopServer();
  await proxy.close();
});
