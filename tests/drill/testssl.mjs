// testssl.sh looks at the server's TLS: nothing above "low" but what is said of the certificate, which is made here for a moment and known to nobody, and of
// the tool's own means.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServer } from '../e2e/server.mjs';
import { Report } from './town.mjs';

if (spawnSync('testssl', ['--version']).error) {
  console.log('ok 1 - TLS # SKIP testssl.sh is not installed');
  process.exit(0);
}
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');
const notOurs = /^(engine_problem|cert_|OCSP|DNS_CAA|overall_grade|grade_cap|final_score)/;
const folder = mkdtempSync(join(tmpdir(), 'mc-testssl-')), cert = join(folder, 'cert.pem'), key = join(folder, 'key.pem'), found = join(folder, 'found.json');
const report = new Report();
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=localhost',
  '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
const site = await openServer({ town: false, set: { demo: false, tls_certificate: cert, tls_key: key, connections_per_address: 4000 } });
try {
  spawnSync('testssl', ['--quiet', '--color', '0', '--warnings', 'off', '--ip', '127.0.0.1', '--nodns', 'none', '--jsonfile', found, `localhost:${site.port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const findings = JSON.parse(readFileSync(found, 'utf8'));
  const high = findings.filter((f) => !['OK', 'INFO', 'LOW', 'DEBUG'].includes(f.severity) && !notOurs.test(f.id));
  report.fact(findings.length > 100 && findings.some((f) => f.id === 'TLS1_3' && f.severity === 'OK'), `${findings.length} findings`);
  report.fact(high.length === 0, `above low: ${high.map((f) => `${f.id} ${f.severity} ${f.finding}`).join('; ') || 'none'}`);
  console.log(`# low: ${findings.filter((f) => f.severity === 'LOW').map((f) => `${f.id}: ${f.finding}`).join('; ') || 'none'}`);
} finally {
  await site.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = report.failed ? 1 : 0;
