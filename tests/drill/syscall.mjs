// The n-th system call of a worker fails, is interrupted, or moves a single byte, over the pages and forms that people use most. STEP=1 tries every n; the default
// tries TRIES=8 of each kind, or up to twice as many.
// Wanted: an answer, a cut connection or a clean end of the worker; nothing acknowledged lost and nothing doubled; no descriptor kept; never a crash by signal.
import { Town, drill, until } from './town.mjs';
import { checkAll } from './load.mjs';
import { Victim, eachFault } from './victim.mjs';

const town = new Town('drill-syscall', { people: 4, settings: ['page_memory_mb=0'] });

await drill(town, async (report) => {
  const victim = new Victim(town);
  await victim.start();
  await victim.run();
  await victim.run();
  await victim.ready();
  const most = victim.descriptors();

  // A connection to the database that was lost is made anew; what stays open beyond those of a worker at rest was forgotten.
  const judge = async (n, hit, before) => {
    if (victim.worker() !== before || await until(() => victim.descriptors() <= most, 3000)) return '';
    return `${victim.descriptors()} descriptors are open, and were ${most}`;
  };
  for (const [kind, what] of [['call', 'failed'], ['eintr', 'were interrupted'], ['short', 'moved one byte']]) {
    const { hits, ended, step, odd, kinds } = await eachFault(victim, kind, Number(process.env.TRIES || 8), judge);
    report.fact(hits >= 3, `${hits} system calls ${what}, one at a time and ${step} apart (${[...kinds].sort().join(', ')}): ${ended} times the worker ended and was replaced`);
    report.fact(odd.length === 0, `no odd answer ${odd.slice(0, 5).join('; ')}`);
  }
  const crashes = victim.crashes();
  report.fact(crashes.length === 0, `no crash by signal ${crashes.slice(0, 60).join('; ')}`);
  await checkAll(report, town, victim.load, { endsProcesses: true });
  victim.load.close();
});
