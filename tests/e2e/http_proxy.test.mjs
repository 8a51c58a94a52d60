// Bytes that servers and proxies read differently: directly, and behind nginx and haproxy with their connections kept open. Whatever an attacker sends,
// the next visitors get their own answers. The proxies run privately on loopback; one that is not installed is skipped with a message.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, openServer, raw, until } from './server.mjs';

const TRIALS = Number(process.env.MC_TRIALS ?? 10);
const VICTIMS = 4;
let site;
const children = [];

const H = 'Host: localhost\r\n';
const NEXT = `GET /health/ready HTTP/1.1\r\n${H}\r\n`;
// The end of what is smuggled glues the next visitor's request to it, cookie included.
const OPEN = `GET /health/ready HTTP/1.1\r\n${H}X-Stolen: `;

const isInstalled = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

async function startProxy(command, args, port) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (d) => { log += d; });
  children.push(child);
  await until(`${command} answers`, async () => {
    assert.equal(child.exitCode, null, `${command} ended: ${log}`);
    return fetch(`http://127.0.0.1:${port}/health/live`).then((r) => r.ok, () => false);
  });
  return port;
}

async function startNginx() {
  const port = await freePort(), dir = path.join(site.dir, 'nginx');
  mkdirSync(dir);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${dir}/${n};`).join(' ');
  writeFileSync(path.join(dir, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''} worker_processes 1; pid ${dir}/pid; error_log stderr crit; events { worker_connections 256; }
http { access_log off; ${temp} upstream app { server 127.0.0.1:${site.port}; keepalive 16; }
 server { listen 127.0.0.1:${port}; location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost; } } }`);
  return startProxy('nginx', ['-p', dir, '-c', path.join(dir, 'nginx.conf'), '-g', 'daemon off;'], port);
}

async function startHaproxy() {
  const port = await freePort(), file = path.join(site.dir, 'haproxy.cfg');
  writeFileSync(file, `global\n  maxconn 256\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 20s\n  timeout server 20s\n  http-reuse always\nfrontend f\n  bind 127.0.0.1:${port}\n  default_backend b
backend b\n  http-request set-header Host localhost\n  server s 127.0.0.1:${site.port} pool-max-conn 4\n`);
  return startProxy('haproxy', ['-db', '-q', '-f', file], port);
}

before(async () => { site = await openServer({ town: false, set: { demo: false } }); });
after(async () => {
  for (const child of children.filter((c) => c.exitCode === null)) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await site?.close();
});

const statuses = (text) => [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, s]) => s).join(' ');

// What must be refused or read in one way only: name, bytes, answers when sent directly, whether the connection ends.
const post = (fields, body = '') => `POST /health/live HTTP/1.1\r\n${H}${fields}\r\n${body}`;
const ROWS = [
  ['a plain request', NEXT, '200', false],
  ['two in a row', NEXT + NEXT, '200 200', false],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 3\r\n', 'abc'), '400', true],
  ['two equal lengths', post('Content-Length: 0\r\nContent-Length: 0\r\n'), '400', true],
  ['a list of lengths', post('Content-Length: 0, 0\r\n'), '400', true],
  ['a length with a sign', post('Content-Length: +0\r\n'), '400', true],
  ['a length in hexadecimal', post('Content-Length: 0x0\r\n'), '400', true],
  ['space before the colon', post('Content-Length : 3\r\n', 'abc'), '400', true],
  ['length and chunks', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), '400', true],
  ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), '400', true],
  ['chunked under another name', post('Transfer-Encoding: xchunked\r\n', NEXT), '400 501', true],
  ['chunked behind a control byte', post('Transfer-Encoding: \x0bchunked\r\n', NEXT), '400 501', true],
  ['folded line', `GET / HTTP/1.1\r\n${H}X: a\r\n b\r\n\r\n`, '400', true],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: localhost\n\n', '400', true],
  ['NUL in a value', `GET / HTTP/1.1\r\n${H}X: a\0b\r\n\r\n`, '400', true],
  ['NUL in the host', 'GET / HTTP/1.1\r\nHost: localhost\0evil\r\n\r\n', '400', true],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', '400', true],
  ['two hosts', `GET / HTTP/1.1\r\n${H}${H}\r\n`, '400', true],
  ['a foreign host', 'GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n', '421', null],
  ['a foreign host in the target', `GET http://evil.example/health/live HTTP/1.1\r\n${H}\r\n`, '400 421', null],
  ['two slashes', `GET //evil.example/health/live HTTP/1.1\r\n${H}\r\n`, '400', null],
  ['a path that climbs', `GET /assets/../health/live HTTP/1.1\r\n${H}\r\n`, '400', null],
  ['a path that climbs, encoded', `GET /assets/%2e%2e/health/live HTTP/1.1\r\n${H}\r\n`, '400', null],
  ['a wrapped version', `GET / HTTP/4294967297.1\r\n${H}\r\n`, '400', true],
  ['a field without a name', `GET / HTTP/1.1\r\n${H}: x\r\n\r\n`, '400', true],
  ['TRACE', `TRACE / HTTP/1.1\r\n${H}\r\n`, '405', true],
  ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\n${H}\r\n`, '405', true],
];

test('the table of raw requests, directly', async () => {
  const wrong = [];
  for (const [name, bytes, wanted, closes] of ROWS) {
    const { text, closed } = await raw(site.port, Buffer.from(bytes, 'latin1'), { quietMs: 120 });
    const got = statuses(text);
    // Where two numbers would do for one answer, either does.
    const isRight = got === wanted || (!wanted.startsWith('200') && wanted.split(' ').includes(got));
    if (!isRight || (closes !== null && closed !== closes)) wrong.push(`${name}: ${got || 'no answer'}${closed ? ', closed' : ', open'}`);
  }
  assert.deepEqual(wrong, []);
});

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'FOO'];
const ATTACKS = [
  ...METHODS.map((m) => [`${m} with a body`, `${m} /health/live HTTP/1.1\r\n${H}Content-Length: ${OPEN.length}\r\n\r\n${OPEN}`]),
  ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${OPEN.length}\r\n`, OPEN)],
  ['space before the colon', post(`Content-Length : ${OPEN.length}\r\n`, OPEN)],
  ['length and chunks', post(`Content-Length: ${OPEN.length + 5}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${OPEN}`)],
  ['chunks behind a tab', post(`Content-Length: ${OPEN.length + 5}\r\nTransfer-Encoding:\tchunked\r\n`, `0\r\n\r\n${OPEN}`)],
  ['a chunk with an extension', post('Transfer-Encoding: chunked\r\n', `1;a=b\r\nx\r\n0\r\n\r\n${OPEN}`)],
];

/** Each victim asks whether the site lives, and must be told so, once. */
async function countVictims(port) {
  let hit = 0;
  const [attacks, said] = [ATTACKS, new Set()];
  for (const [name, bytes] of attacks)
    for (let trial = 0; trial < TRIALS; trial++) {
      await raw(port, Buffer.from(bytes, 'latin1'), { quietMs: 20, limitMs: 400 });
      for (let v = 0; v < VICTIMS; v++) {
        const { text } = await raw(port, `GET /health/live HTTP/1.1\r\n${H}Cookie: s=victim${v}\r\nConnection: close\r\n\r\n`, { quietMs: 2000 });
        const isOwn = statuses(text) === '200' && text.endsWith('\r\n\r\nlive\n');
        if (!isOwn) { hit++; said.add(`${name}: ${text.slice(0, 60)}`); }
      }
    }
  return { hit, of: attacks.length * TRIALS * VICTIMS, said: [...said] };
}

for (const [name, start] of [['directly', async () => site.port], ['nginx', startNginx], ['haproxy', startHaproxy]]) {
  test(`no visitor is answered as somebody else: ${name}`, async (t) => {
    if (name !== 'directly' && !isInstalled(name)) {
      t.skip(`skipped: ${name} is not installed`);
      return;
    }
    const port = await start();
    const { hit, of, said } = await countVictims(port);
    console.log(`# ${name}: ${hit} of ${of} victims`);
    assert.equal(hit, 0, said.join('\n'));
    if (name === 'directly') return;
    // What the table refuses does no harm behind a proxy either: at most as many answers as requests were meant, and the next visitor is served.
    const wrong = [];
    for (const [row, bytes, wanted] of ROWS) {
      const { text } = await raw(port, Buffer.from(bytes, 'latin1'), { quietMs: 60, limitMs: 1000 });
      const most = wanted.startsWith('200') ? wanted.split(' ').length : 1;
      const n = statuses(text).split(' ').filter(Boolean).length;
      const { text: next } = await raw(port, `GET /health/live HTTP/1.1\r\n${H}Connection: close\r\n\r\n`, { quietMs: 2000 });
      // A proxy may read the second request of a refused pair as its own client's: that is one client's own affair, and both answers are its own.
      if (n > most + (bytes.includes(NEXT) ? 1 : 0) || !next.endsWith('live\n')) wrong.push(`${row}: ${n} answers; then ${next.slice(0, 40)}`);
    }
    assert.deepEqual(wrong, []);
  });
}
