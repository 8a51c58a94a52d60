// The disk of the data, then of the log, is full under load; space comes back. Needs root for a tmpfs. ROUNDS=1: how often each.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Town, drill, sleep } from './town.mjs';
import { Load, checkAll } from './load.mjs';

// A container may forbid even root to mount.
function mayMount() {
  const place = mkdtempSync(join(tmpdir(), 'mc-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
}
if (!mayMount()) {
  console.log('ok 1 - disks full # SKIP a small disk needs the right to mount a tmpfs');
  process.exit(0);
}
const rounds = Number(process.env.ROUNDS || 1);
const town = new Town('drill-disk');
const mounts = [];

// Puts a folder of the cluster onto a small disk of its own.
async function onSmallDisk(folder, megabytes) {
  await town.stopPostgres();
  const path = join(town.home, 'pg', folder), aside = `${path}.aside`;
  execFileSync('mv', [path, aside]);
  execFileSync('mkdir', ['-m', '700', path]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  mounts.push(path);
  execFileSync('cp', ['-a', `${aside}/.`, path]);
  execFileSync('chown', ['postgres:postgres', path]);
  execFileSync('chmod', ['700', path]);
  rmSync(aside, { recursive: true });
  await town.startPostgres();
  return path;
}
function fill(path) {
  const ballast = join(path, 'ballast');
  try {
    for (let n = 0; n < 4096; n++) writeFileSync(ballast, Buffer.alloc(1 << 20), { flag: 'a' });
  } catch (e) {
    if (e.code !== 'ENOSPC') throw e;
  }
  return ballast;
}

try {
  await drill(town, async (report) => {
    const data = await onSmallDisk('base', 200), wal = await onSmallDisk('pg_wal', 120);
    await town.startServer();
    const load = new Load(town, { clients: 8, pace: 5, wait: 9000 });
    load.start();
    await sleep(500);
    for (let n = 0; n < rounds; n++)
      for (const [name, path] of [['data', data], ['write-ahead log', wal]]) {
        // The log keeps room in segments that it has already: they are used up by a switch of segments.
        const ballast = fill(path);
        const before = load.statuses[503] ?? 0;
        for (let i = 0; i < 40 && (load.statuses[503] ?? 0) === before; i++) {
          await sleep(100);
          await town.ask(path === wal ? 'SELECT pg_switch_wal()' : 'CREATE TABLE drill.filler AS SELECT md5(n::text) FROM generate_series(1, 10000) n');
        }
        await sleep(1500);
        const hurt = (load.statuses[503] ?? 0) - before;
        rmSync(ballast);
        await town.ask('DROP TABLE IF EXISTS drill.filler');
        if (town.pg.exitCode !== null || town.pg.signalCode !== null) await town.startPostgres();
        const back = await load.firstSuccess(20_000);
        report.fact(Number.isFinite(back), `disk of the ${name} full: ${hurt} answers 503, the next order ${back} ms after there was room`);
      }
    report.fact(load.unavailable !== undefined, 'people saw a clear 503');
    await load.stop();
    await checkAll(report, town, load);
    load.close();
    await town.stopServer();
    await town.stopPostgres();
    for (const m of mounts.splice(0)) execFileSync('umount', ['-l', m]);
  });
} finally {
  for (const m of mounts) execFileSync('umount', ['-l', m]);
}
