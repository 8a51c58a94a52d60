// Mail leaves through a relay: what the relay does not take holds up nothing else.
//   node --test tests/e2e/mail.test.mjs
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Client, Town, eventually } from './harness.mjs';

// A relay as RFC 5321 has it: takes everything but for addresses at "nowhere", and keeps whom it was for.
const took = [], refused = [];
const relay = createServer((socket) => {
  let pending = '', isData = false, to = '';
  const answer = (line) => socket.write(`${line}\r\n`);
  const command = (line) => {
    if (isData && line !== '.') return;
    const verb = isData ? '.' : line.slice(0, 4).toUpperCase();
    if (verb === '.') { isData = false; took.push(to); answer('250 taken'); }
    else if (verb === 'RCPT' && /nowhere/.test(line)) { refused.push(line); answer('550 no such person'); }
    else if (verb === 'RCPT') { to = line.match(/<(.*)>/)[1]; answer('250 ok'); }
    else if (verb === 'DATA') { isData = true; answer('354 go on'); }
    else answer(verb === 'QUIT' ? '221 bye' : '250 ok');
  };
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    const lines = (pending + bytes).split('\r\n');
    pending = lines.pop();
    lines.forEach(command);
  });
  answer('220 relay');
});

let town;
before(async () => {
  await new Promise((done) => relay.listen(0, '127.0.0.1', done));
  town = await Town.open();
  town.sql('UPDATE jobs.mail SET sent_at = now(); UPDATE jobs.outbox SET done_at = now()');
  await town.serve({ settings: { smtp_url: `smtp://127.0.0.1:${relay.address().port}` } });
});
after(async () => {
  await town?.close();
  relay.close();
});

async function apply(email) {
  const visitor = new Client(town), form = await visitor.form('/join/apply', '/join/apply');
  const sent = await visitor.post(form.action, { ...form.fields, name: 'Sam Vale', work: 'Walks', postcode: 'EM1 1AA', price: '10', care: 'no', email, council: 'eastmere' });
  assert.equal(sent.status, 303, sent.text);
}
async function askForLink(email) {
  const visitor = new Client(town);
  assert.equal((await visitor.submit(await visitor.form('/sign-in', '/sign-in/link'), { email })).status, 200);
}

test('an address that the relay refuses is tried later, and everybody else gets their mail', async () => {
  await apply('sam@nowhere.example');
  await eventually('the relay has refused it', () => refused.length);
  await askForLink('amina.yusuf@town.example');
  await eventually('the link has left', () => took.includes('amina.yusuf@town.example'));
  const [tries, isLater, isParked, error] = town.sql(`SELECT tries, not_before > now(), parked_at IS NOT NULL, error FROM jobs.mail WHERE to_email = 'sam@nowhere.example'`)[0];
  assert.deepEqual([tries, isLater, isParked], ['1', 't', 'f']);
  assert.match(error, /answer 550/);
});

test('after twelve times a person has to look', async () => {
  town.sql(`UPDATE jobs.mail SET tries = 11, not_before = now() WHERE to_email = 'sam@nowhere.example'`);
  await eventually('it is parked', () => town.sql(`SELECT 1 FROM jobs.mail WHERE to_email = 'sam@nowhere.example' AND parked_at IS NOT NULL`)[0]);
});

test('the log is sealed while the relay is away', async () => {
  await town.serve({ settings: { smtp_url: 'smtp://127.0.0.1:1' } });
  await askForLink('george.whitlock@town.example');
  await eventually('the mail was tried', () => town.sql(`SELECT 1 FROM jobs.mail WHERE to_email = 'george.whitlock@town.example' AND tries > 0 AND sent_at IS NULL`)[0]);
  await new Client(town).signIn('Amina Yusuf');
  await eventually('what she did is sealed', () => town.sql('SELECT count(*) = 0 FROM audit.unsealed')[0][0] === 't');
});
