// The import of a list killed before and after each of its messages to the database, then run again: every row is there once, the search finds it, and the log
// counts it once.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Town, drill, program, root } from './town.mjs';
import { Orders, shim } from './victim.mjs';

const town = new Town('drill-import', { people: 1 }), rows = 502; // two batches

function writeList(n) {
  const file = join(town.dir, `list-${n}.csv`);
  const lines = Array.from({ length: rows }, (_, i) => `Club ${n}x${i},Old Road ${i},EM1 2AB,Run by volunteers,club${n}x${i}@club.example,https://club.example,Eastmere ${n},E1,,`);
  writeFileSync(file, `name,address,postcode,type,email,website,area_name,area_code,lon,lat\n${lines.join('\n')}\n`);
  return file;
}
const run = (file, env) => new Promise((done) => {
  execFile(program, ['import', 'entries', '--council', '1', '--map', join(town.dir, 'clubs.map'), '--database', town.conninfo('mc_jobs'), '--errors', join(town.dir, 'errors.csv'),
    '--progress', 'never', file], { cwd: root, env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) => done({ signal: error?.signal, code: error?.code ?? 0, err }));
});

await drill(town, async (report) => {
  const orders = new Orders(join(town.dir, 'fault'));
  const there = () => town.sql(`SELECT count(*) || ' ' || count(DISTINCT name) || ' ' || count(*) FILTER (WHERE EXISTS (SELECT FROM catalogue.search_doc d WHERE d.kind = 'entry' AND d.source_id = e.id)) FROM catalogue.entry e WHERE name LIKE 'Club %'`);
  // What the log says was added, by whichever of two runs; what is still staged; runs without an end.
  const logged = () => town.sql(`SELECT coalesce(sum((detail ->> 'added')::int), 0) || ' ' || (SELECT count(*) FROM catalogue.import_row) || ' '
    || (SELECT count(*) FROM catalogue.import_run WHERE finished_at IS NULL) FROM audit.event WHERE (verb, kind) = ('imported', 'import')`);
  const killed = { before: 0, after: 0 }, wrong = [];
  let n = 1;
  for (; n < 400; n++) {
    // A list of its own each time: what is not in a list any more would be proposed for removal.
    writeFileSync(join(town.dir, 'clubs.map'), readFileSync(join(root, 'config/maps/libraries.map'), 'utf8').replace('gm-libraries', `clubs-${n}`));
    const file = writeList(n);
    orders.give(`send ${n}`);
    await run(file, { LD_PRELOAD: shim, FAULT_FILE: orders.file, FAULT_NOW: '1' });
    const hit = orders.hit();
    const again = await run(file, {});
    if (again.code !== 0) wrong.push(`message ${n}: it does not go on: ${again.err}`);
    const all = rows * n, found = there();
    if (found !== `${all} ${all} ${all}`) wrong.push(`message ${n}: rows, names, found by search are ${found}, not ${all} each`);
    const told = logged();
    if (told !== `${all} 0 0`) wrong.push(`message ${n}: rows added as the log has it, rows still staged, runs without an end are ${told}, not ${all} 0 0`);
    if (!hit) break;
    killed[hit]++;
    if (wrong.length > 3) break;
  }
  report.fact(killed.before > 5 && killed.after > 5, `killed at ${killed.before + killed.after} places: ${killed.before} before a message, ${killed.after} after it`);
  report.fact(wrong.length === 0, `after each the same command again completes it: ${n * rows} rows, each once ${wrong.join('; ')}`);
});
