// What a connection that says nothing costs a worker: PLAIN=10000 without and SECURE=1000 with TLS (10000 is the large size), each after one request.
// The bounds are 60 MB and 260 MB for ten thousand, the worker itself included where there are so many.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { openServer } from '../e2e/server.mjs';
import { Report } from './town.mjs';

const plain = Number(process.env.PLAIN || 10_000), secure = Number(process.env.SECURE || 1000), MB = 1 << 20;
// The certificate is made here and nobody else's.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');
const report = new Report();
const folder = mkdtempSync(join(tmpdir(), 'mc-idle-'));

// The one child of the supervisor that has a filter is its worker.
function residentOf(supervisor) {
  for (const pid of readdirSync('/proc').filter((p) => /^\d+$/.test(p))) {
    let status = '';
    try { status = readFileSync(`/proc/${pid}/status`, 'utf8'); } catch { continue; }
    if (status.includes(`PPid:\t${supervisor}\n`) && /Seccomp:\t2/.test(status)) return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
  }
  throw new Error('no worker');
}

const ask = (s) => new Promise((done, fail) => {
  s.once('data', (d) => (/^HTTP\/1\.1 200 /.test(d) ? done(s) : fail(new Error(String(d).slice(0, 40)))));
  s.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
});

function connect(port, isSecure) {
  return new Promise((done, fail) => {
    const s = isSecure ? tls.connect({ port, host: '127.0.0.1', servername: 'localhost' }) : net.connect(port, '127.0.0.1');
    s.once(isSecure ? 'secureConnect' : 'connect', () => ask(s).then(done, fail));
    s.once('error', fail);
  });
}

async function crowd(port, n, isSecure) {
  const open = [];
  let asked = Date.now();
  for (let from = 0; from < n; from += 200) {
    open.push(...await Promise.all(Array.from({ length: Math.min(200, n - from) }, () => connect(port, isSecure))));
    // One that is idle for a minute is cut: while so many are made, the first ones ask again.
    if (Date.now() - asked < 20_000) continue;
    for (let i = 0; i < open.length; i += 200) await Promise.all(open.slice(i, i + 200).map(ask));
    asked = Date.now();
  }
  return open;
}

async function cost(n, isSecure, bound) {
  const tlsSet = isSecure ? { tls_certificate: join(folder, 'cert.pem'), tls_key: join(folder, 'key.pem') } : {};
  const site = await openServer({ town: false, set: { demo: false, connections: n + 1000, connections_per_address: n + 1000, ...tlsSet } });
  try {
    for (const s of await crowd(site.port, 50, isSecure)) s.destroy();
    const before = residentOf(site.pid), open = await crowd(site.port, n, isSecure), after = residentOf(site.pid);
    const stillThere = open.filter((s) => !s.destroyed).length, kept = (await (await fetch(`${site.base}/health/ready`)).text()).length > 0;
    for (const s of open) s.destroy();
    const grown = after - before, name = isSecure ? 'TLS' : 'plain';
    report.fact(stillThere === n && kept, `${n} idle ${name} connections are held, and another visitor is served`);
    report.fact(grown <= bound * n / 10_000 && (n < 10_000 || after <= bound), `${(grown / n / 1024).toFixed(1)} KiB each; the worker has ${(after / MB).toFixed(1)} MB of at most ${bound / MB} MB at ten thousand`);
  } finally {
    await site.close();
  }
}

try {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
  await cost(plain, false, 60 * MB);
  await cost(secure, true, 260 * MB);
} catch (e) {
  report.fact(false, e.stack);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = report.failed ? 1 : 0;
