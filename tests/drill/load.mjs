// Orders over HTTP from many clients at once. Every intent is written down before it is sent and every answer after it came; the key of the form is
// the idempotency key. What got no clear answer is "unknown" and sent again, with the same key, until it is answered.
import http from 'node:http';
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { sleep } from './town.mjs';

const CLEAR = (status) => status === 200 || status === 409 || status === 422;

export class Load {
  constructor(town, { clients = 16, minutes = 30, wait = 4000, port = town.port, pace = 0 } = {}) {
    Object.assign(this, { town, clients, minutes, wait, port, pace });
    this.agent = new http.Agent({ keepAlive: true, maxSockets: clients + 8 });
    this.intents = new Map();
    this.file = `${town.dir}/intents.log`;
    this.running = false;
    this.times = [];
    this.outages = []; // from an answer that did not come to the same client's next clear one, in ms
    this.slowest = 0;
    this.statuses = {};
    this.lastAck = 0;
  }

  request({ method = 'GET', path, body, headers = {}, wait = this.wait, agent = this.agent }) {
    return new Promise((done) => {
      const started = Date.now();
      const end = (answer) => { clearTimeout(timer); done({ ...answer, ms: Date.now() - started }); };
      const req = http.request({ host: '127.0.0.1', port: this.port, method, path, agent,
        headers: { Host: `localhost:${this.port}`, ...headers, ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}) } }, (res) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', (d) => { text += d; });
        res.on('end', () => end({ status: res.statusCode, text, headers: res.headers }));
        res.on('error', (e) => end({ status: 0, error: e.code }));
        res.on('close', () => end({ status: 0, error: 'cut' }));
      });
      const timer = setTimeout(() => req.destroy(Object.assign(new Error('late'), { code: 'LATE' })), wait);
      req.on('error', (e) => end({ status: 0, error: e.code }));
      req.end(body);
    });
  }

  send(i) {
    return this.request({ method: 'POST', path: `/ask/${this.town.listing}`, body: i.body,
      headers: { Cookie: `s=${i.person.token}`, 'Content-Type': 'application/json', Accept: 'application/json', 'Idempotency-Key': i.key } });
  }

  // Writes the answer down. Acknowledged: the order's reference came back. Refused: a clear no. Else unknown.
  note(i, answer) {
    this.statuses[answer.status || answer.error] = (this.statuses[answer.status || answer.error] ?? 0) + 1;
    i.tries = (i.tries ?? 0) + 1;
    if (answer.status === 200) {
      const row = JSON.parse(answer.text)[0];
      if (row.outcome !== 'placed') throw new Error(`an order answered ${answer.text}`);
      if (i.ref && i.ref !== row.ref) throw new Error(`key ${i.key} answered ${i.ref}, then ${row.ref}`);
      Object.assign(i, { state: 'acked', ref: row.ref, replayed: row.replayed });
      this.lastAck = Date.now();
      this.times.push(answer.ms);
    } else if (CLEAR(answer.status)) {
      Object.assign(i, { state: 'refused', why: answer.text });
    } else {
      i.state = 'unknown';
      i.error = answer.error ?? answer.status;
      this.unavailable ??= answer.status === 503 ? answer : undefined;
    }
    this.slowest = Math.max(this.slowest, answer.ms);
    appendFileSync(this.file, `answer ${i.key} ${i.state} ${answer.status || answer.error} ${i.ref ?? '-'}\n`);
  }

  intent(client) {
    const person = this.town.persons[(client * 7919 + this.intents.size) % this.town.persons.length];
    const i = { key: randomUUID(), person, state: 'sent',
      body: JSON.stringify({ minutes: String(this.minutes) + ' minutes', starts_on: this.town.day, outcome: person.outcome }) };
    this.intents.set(i.key, i);
    appendFileSync(this.file, `intent ${i.key} ${person.id}\n`);
    return i;
  }

  async client(n) {
    let cutAt = 0;
    while (this.running) {
      const i = this.intent(n);
      const answer = await this.send(i);
      this.note(i, answer);
      if (i.state === 'unknown') {
        cutAt ||= Date.now();
        await sleep(50);
        continue;
      }
      if (cutAt) this.outages.push(Date.now() - cutAt);
      cutAt = 0;
      if (this.pace) await sleep(this.pace);
    }
  }
  start() {
    this.running = true;
    this.done = Promise.all(Array.from({ length: this.clients }, (_, n) => this.client(n)));
  }
  async stop() {
    this.running = false;
    await this.done;
  }
  count(state) { return [...this.intents.values()].filter((i) => i.state === state).length; }

  async firstSuccess(ms) {
    const from = Date.now();
    while (Date.now() - from < ms) {
      if (this.lastAck > from) return this.lastAck - from;
      await sleep(10);
    }
    return Infinity;
  }

  // Sends what is unknown again with the same key until the answer is clear; how many were, and how many of them had been committed.
  async settle() {
    const open = [...this.intents.values()].filter((i) => i.state === 'unknown' || i.state === 'sent');
    let replayed = 0;
    for (let round = 0; round < 100; round++) {
      const rest = open.filter((i) => i.state === 'unknown' || i.state === 'sent');
      if (!rest.length) break;
      for (let n = 0; n < rest.length; n += 16)
        await Promise.all(rest.slice(n, n + 16).map(async (i) => this.note(i, await this.send(i))));
      if (round) await sleep(200);
    }
    for (const i of open) replayed += i.replayed ? 1 : 0;
    return { unknown: open.length, committed: replayed };
  }

  close() { this.agent.destroy(); }
}

// Nothing acknowledged is lost, nothing is there twice, nothing is there that nobody sent, and the books are whole. Nor did a process of ours end, unless
// the drill ends them itself.
export async function checkAll(report, town, load, { endsProcesses = false } = {}) {
  const { unknown, committed } = await load.settle();
  const acked = load.count('acked'), refused = load.count('refused'), all = load.intents.size;
  report.fact(acked + refused === all && all > 0, `${all} intents: ${acked} acknowledged, ${refused} refused; ${unknown} had been unknown, of which ${committed} had committed; slowest ${load.slowest} ms; answers ${JSON.stringify(load.statuses)}`);
  const stored = new Map(town.sql(`SELECT key || '|' || (answer ->> 'ref') FROM mc.idempotency WHERE verb = 'order_place' AND answer ->> 'outcome' = 'placed' AND key NOT IN (SELECT key FROM drill.key)`)
    .split('\n').filter(Boolean).map((l) => l.split('|')));
  const lost = [...load.intents.values()].filter((i) => i.state === 'acked' && stored.get(i.key) !== i.ref);
  report.fact(lost.length === 0, `${lost.length} acknowledged orders lost`);
  report.fact([...stored.keys()].every((k) => load.intents.has(k)), 'nothing is there that nobody sent');
  const sums = town.sql(`SELECT count(*), count(DISTINCT o.ref), (SELECT count(*) FROM payments.order_hold h WHERE h.council_id = 1 AND h.order_id >= (SELECT min(id) FROM payments.orders
    WHERE person_id IN (SELECT id FROM drill.person))) FROM payments.orders o WHERE o.person_id IN (SELECT id FROM drill.person)`).split('|').map(Number);
  report.fact(sums.every((n) => n === acked), `${sums[0]} orders with ${sums[2]} holds in the database for ${acked} acknowledged`);
  const held = town.sql(`SELECT sum(o.total) = (SELECT sum(a.dr_pending) FROM ledger.account a JOIN payments.portion p ON p.ledger_account_id = a.id
    JOIN payments.funding_line l ON l.id = p.funding_line_id JOIN payments.budget b ON b.id = l.budget_id WHERE b.person_id IN (SELECT id FROM drill.person))
    FROM payments.orders o WHERE o.person_id IN (SELECT id FROM drill.person)`);
  report.fact(held === 't' || acked === 0, 'the money held is the money ordered');
  const ended = endsProcesses ? [] : readFileSync(`${town.dir}/server.log`, 'utf8').split('\n').filter((l) => l.startsWith('supervise.child_ended'));
  report.fact(ended.length === 0, `no worker ended ${ended.slice(0, 3).join('; ')}`);
  const verified = town.verify();
  report.fact(verified.clean, `marketcross verify: ${verified.said.trim().split('\n').slice(0, 10).join(' / ')}`);
}
