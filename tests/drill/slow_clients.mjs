// A crowd that is slow on purpose: heads and bodies of one byte a second, and readers that ask for much and take nothing. Runs as a process of its own so
// that it does not slow down whoever measures. Arguments: port, how many of each kind, path of something large. Says {open, cut} once a second.
import net from 'node:net';

const [port, each, asset] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const begins = {
  heads: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  bodies: 'POST /sign-in/link HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n',
  readers: `GET ${asset} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(200),
};
const open = { heads: 0, bodies: 0, readers: 0 }, cut = { heads: 0, bodies: 0, readers: 0 };
const drips = new Set();

function start(kind) {
  const s = net.connect({ port, host: '127.0.0.1', noDelay: true });
  s.on('error', () => {});
  s.on('connect', () => { open[kind]++; s.write(begins[kind]); });
  s.on('close', () => { cut[kind]++; drips.delete(s); });
  if (kind !== 'readers') {
    s.resume();
    drips.add(s);
    return;
  }
  // One that reads nothing hears of the end only when it writes.
  s.pause();
  drips.add(s);
}
for (const kind of Object.keys(begins)) for (let n = 0; n < each; n++) start(kind);
setInterval(() => {
  for (const s of drips) if (!s.connecting) s.write('x');
  process.stdout.write(`${JSON.stringify({ open, cut })}\n`);
}, 1000);
