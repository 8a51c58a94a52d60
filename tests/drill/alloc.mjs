// The n-th allocation of a worker fails, over the pages and forms that people use most. STEP=1 tries every n; the default tries TRIES=10 of them, or up to twice as many.
// Wanted: an answer or a clean end of the worker, which is replaced; nothing half written; never a crash by signal.
import { Town, drill } from './town.mjs';
import { checkAll } from './load.mjs';
import { Victim, eachFault } from './victim.mjs';

const town = new Town('drill-alloc', { people: 4, settings: ['page_memory_mb=0'] }); // every round renders what it serves

await drill(town, async (report) => {
  const victim = new Victim(town);
  await victim.start();
  await victim.run();
  const healthy = await victim.run();
  report.fact(healthy.every((s) => [200, 301, 400, 404].includes(s)), `all is well to begin with: ${healthy}`);

  const { hits, ended, step, odd } = await eachFault(victim, 'malloc', Number(process.env.TRIES || 10));
  // A worker that is warm makes fewer than one that has just begun, so the last one is wherever the scenario ends.
  report.fact(hits >= 3, `${hits} allocations failed, one at a time and ${step} apart: ${ended} times the worker ended and was replaced`);
  report.fact(odd.length === 0, `no odd answer ${odd.slice(0, 5).join('; ')}`);

  // A head in several pieces is put together in a place of its own, which a worker short of memory does not get.
  await victim.arm('large 12000');
  await victim.load.request({ path: '/', headers: { Cookie: 'x='.padEnd(14_000, 'y') }, agent: victim.agent });
  report.fact(victim.orders.hit() !== '' && await victim.ready(), 'no memory for a large head: the worker is back');

  const crashes = victim.crashes();
  report.fact(crashes.length === 0, `no crash by signal ${crashes.slice(0, 60).join('; ')}`);
  await checkAll(report, town, victim.load, { endsProcesses: true });
  victim.load.close();
});
