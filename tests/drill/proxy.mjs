// A proxy between the server and PostgreSQL that does to a connection what networks do: cut it, keep it silent, let one direction through only,
// refuse it, forget it, or pass one byte at a time. Bytes that are kept back are never lost in the middle of a stream: they arrive later, or the connection ends.
import net from 'node:net';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const keepsBack = { silent: () => true, deaf: (fromServer) => fromServer, mute: (fromServer) => !fromServer };

export class Proxy {
  constructor(folder, target) {
    Object.assign(this, { folder, target: join(target, '.s.PGSQL.5432'), path: join(folder, '.s.PGSQL.5432'), mode: 'pass', pairs: new Set() });
  }
  async open() {
    mkdirSync(this.folder, { recursive: true });
    chmodSync(this.folder, 0o755);
    this.server = net.createServer((client) => this.join(client));
    await new Promise((done) => this.server.listen(this.path, done));
    chmodSync(this.path, 0o777);
  }
  join(client) {
    if (this.mode === 'refuse') { client.destroy(); return; }
    const pair = { client, database: net.connect(this.target), kept: [] };
    this.pairs.add(pair);
    const end = () => { client.destroy(); pair.database.destroy(); this.pairs.delete(pair); };
    for (const s of [client, pair.database]) s.on('error', end).on('close', end);
    client.on('data', (d) => this.pass(pair, d, pair.database, false));
    pair.database.on('data', (d) => this.pass(pair, d, client, true));
  }
  pass(pair, bytes, to, fromServer) {
    if (pair.isLost) return;
    if (keepsBack[this.mode]?.(fromServer)) pair.kept.push([to, bytes]);
    else if (this.mode === 'drip') for (let i = 0; i < bytes.length; i++) to.write(bytes.subarray(i, i + 1));
    else to.write(bytes);
  }
  // What was kept back arrives now.
  heal() {
    this.mode = 'pass';
    for (const p of this.pairs) for (const [to, bytes] of p.kept.splice(0)) to.write(bytes);
  }
  // In the middle of whatever is under way; what was kept back is lost with its connection.
  cut() {
    for (const p of [...this.pairs]) { p.client.destroy(); p.database.destroy(); }
  }
  // Those that are open now stay open and never say a word again; new ones are well.
  lose() {
    for (const p of this.pairs) p.isLost = true;
  }
  async close() {
    this.cut();
    await new Promise((done) => this.server.close(done));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
