// Electronic invoices through every door: files (several at once, UBL and CSV), the form, the API. What is wrong is said in words, corrected and sent
// again; what is taken back is billed again. PICTURES=folder leaves pictures of the pages, at 1280 and 320 px and as they print.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { browser, Client, eventually, formsOf, root, textOf, Town } from './harness.mjs';
import { ublInvoice } from './papers.mjs';

const schemas = resolve(root, '../shared/conformance/ubl-2.1-xsd');
const pictures = process.env.PICTURES;

test('electronic invoices', async (t) => {
  const town = await Town.open();
  t.after(() => town.close());
  await town.serve({ settings: existsSync(schemas) ? { ubl_schemas: schemas } : {} });
  const visits = town.sql(`SELECT b.order_ref, b.planned_on, b.quantity, b.unit_price, b.amount, b.listing_ref FROM payments.billable_visit b
    JOIN identity.organisation o ON o.id = b.organisation_id WHERE o.name = 'Hearth and Home Care' ORDER BY b.planned_on`)
    .map(([order, on, hours, price, amount, service]) => ({ order, on, hours: Number(hours), price: Number(price), amount: Number(amount), service }));
  const today = town.sql('SELECT ledger.today()')[0][0];
  const provider = new Client(town);
  await provider.signIn('Olivia Stone');
  const about = (v) => ({ order: v.order, issued: today, from: v.on, to: v.on, hours: v.hours, price: v.price, service: v.service });
  const invoice = (number) => town.sql(`SELECT ref, state, hands, kind, ruleset, verdict ->> 'xsd' FROM payments.invoice WHERE number = '${number}' ORDER BY id DESC LIMIT 1`)[0];
  const read = (name) => eventually(`${name} is read`, () => town.sql(`SELECT ref, state, report ->> 'outcome' FROM jobs.file WHERE name = '${name}' AND state IN ('done', 'refused') ORDER BY id DESC LIMIT 1`)[0]);
  const send = async (files, who = provider) => {
    const form = await who.form('/provider/invoices/upload', '/provider/invoices/upload');
    const body = new FormData();
    for (const [k, v] of Object.entries(form.fields)) body.set(k, v);
    for (const [name, content] of files) body.append('file', new Blob([content]), name);
    return who.send(form.action, { method: 'POST', body, follow: true });
  };
  const csv = (number, v, unit = 'hour') =>
    `invoice_no,invoice_date,order_no,service_code,period_start,period_end,quantity,unit,unit_price,net,vat_category\n` +
    `${number},${today},${v.order},${v.service},${v.on},${v.on},${v.hours},${unit},${(v.price / 100).toFixed(2)},${(v.amount / 100).toFixed(2)},O\n`;

  await t.test('several files at once: each is answered for itself, in words, with the place and the rules it was judged by', async () => {
    const good = ublInvoice({ number: 'EI-1', ...about(visits[0]) });
    await send([['broken.xml', good.replace(/<cbc:IssueDate>[^<]*<\/cbc:IssueDate>/, '')], ['row.csv', csv('EI-2', visits[1])], ['letter.txt', 'Dear council']]);
    assert.equal((await read('broken.xml'))[2], 'unreadable');
    assert.equal((await read('row.csv'))[2], 'approved');
    assert.equal((await read('letter.txt'))[1], 'refused');
    const page = textOf((await provider.get(`/provider/files/${(await read('broken.xml'))[0]}`)).text);
    assert.match(page, /Please correct this invoice.*Give the date of the invoice\..*Rule BR-03/);
    assert.match(page, existsSync(schemas) ? /Judged by en16931-ubl-1\.3\.16; it does not keep to the UBL 2\.1 schema/ : /Judged by en16931-ubl-1\.3\.16\./);
    assert.deepEqual(invoice('EI-2').slice(1, 5), ['approved', '0', 'invoice', 'en16931-ubl-1.3.16']);
  });

  await t.test('the corrected invoice keeps its number and passes without a hand', async () => {
    await send([['mended.xml', ublInvoice({ number: 'EI-1', ...about(visits[0]) })]]);
    await read('mended.xml');
    assert.deepEqual(invoice('EI-1').slice(1), ['approved', '0', 'invoice', 'en16931-ubl-1.3.16', existsSync(schemas) ? 'valid' : 'unchecked']);
    await send([['again.xml', ublInvoice({ number: 'ei 1', ...about(visits[0]) })]]);
    assert.equal((await read('again.xml'))[2], 'duplicate');
  });

  await t.test("the person's statement names the service by its title, not by the code that the provider's file gives", async () => {
    const [name, title] = town.sql(`SELECT n.name, l.title FROM payments.orders o JOIN payments.order_line l ON l.order_id = o.id JOIN identity.person n ON n.id = o.person_id WHERE o.ref = '${visits[1].order}'`)[0];
    const person = new Client(town);
    await person.signIn(name);
    const page = textOf((await person.get('/money/statement')).text);
    assert.ok(page.includes(`${title}, Hearth and Home Care`), page);
    assert.ok(!page.includes(visits[1].service), page);
  });

  await t.test('a finding in a CSV file names its row', async () => {
    await send([['unit.csv', csv('EI-3', visits[2], 'furlong')]]);
    assert.match(textOf((await provider.get(`/provider/files/${(await read('unit.csv'))[0]}`)).text), /Rule BR-CL-23, line 2 of the file/);
  });

  await t.test('an invoice from the form becomes a European invoice that the rules pass', async () => {
    const [v] = visits.slice(2);
    const page = await provider.get(`/provider/invoices/new?order=${v.order}`);
    const form = formsOf(page.text).find((f) => f.method === 'post' && f.action === '/provider/invoices/new');
    await provider.submit(form, { number: 'EI-4' });
    const ref = await eventually('its file', () => town.sql(`SELECT ref FROM payments.invoice WHERE number = 'EI-4' AND file_ref IS NOT NULL`)[0]?.[0]);
    const file = await provider.get(`/provider/invoices/${ref}/file`);
    assert.match(file.headers.get('content-disposition'), /attachment; filename="EI-4\.xml"/);
    const path = join(town.dir, 'EI-4.xml');
    writeFileSync(path, file.bytes);
    const judged = JSON.parse(execFileSync(resolve(root, 'build/release/marketcross'), ['invoice', 'check', '--json', ...(existsSync(schemas) ? ['--xsd', schemas] : []), path]));
    assert.deepEqual([judged.valid, judged.xsd, judged.rules], [true, existsSync(schemas) ? 'valid' : 'unchecked', []]);
    assert.match(textOf((await provider.get(`/provider/invoices/${ref}`)).text), /Judged by en16931-ubl-1\.3\.16/);
    const other = new Client(town);
    await other.signIn('Bev Horton');
    assert.equal((await other.get(`/provider/invoices/${ref}/file`)).status, 404);
  });

  await t.test('a credit note gives the money back, and the corrected invoice for the same visit passes by itself', async () => {
    const credit = ublInvoice({ number: 'CN-1', ...about(visits[0]) }).replaceAll('Invoice xmlns', 'CreditNote xmlns').replace('</Invoice>', '</CreditNote>')
      .replace('<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>', '<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>').replace('ubl:schema:xsd:Invoice-2', 'ubl:schema:xsd:CreditNote-2')
      .replaceAll('InvoicedQuantity', 'CreditedQuantity').replaceAll('cac:InvoiceLine', 'cac:CreditNoteLine')
      .replace('</cac:OrderReference>', '</cac:OrderReference><cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>EI-1</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>');
    await send([['credit.xml', credit]]);
    await read('credit.xml');
    assert.deepEqual(invoice('CN-1').slice(1, 4), ['approved', '0', 'credit_note']);
    assert.match(textOf((await provider.get(`/provider/invoices/${invoice('EI-1')[0]}`)).text), new RegExp(`Taken back £${(visits[0].amount / 100).toFixed(2)}, by credit notes`));
    await send([['once-more.xml', ublInvoice({ number: 'EI-5', ...about(visits[0]) })]]);
    await read('once-more.xml');
    assert.deepEqual(invoice('EI-5').slice(1, 4), ['approved', '0', 'invoice']);
    assert.equal(await town.verify(), '');
  });

  await t.test('the API answers in JSON, and every problem as a problem document', async () => {
    const api = (path, body, headers = {}) => provider.send(path, { ...(body === undefined ? {} : { method: 'POST', body }), headers: { 'content-type': 'application/xml', ...headers } });
    const key = { 'idempotency-key': randomUUID() };
    const sent = await api('/api/v1/invoices', 'no XML', key);
    assert.equal(sent.status, 202);
    assert.equal(JSON.parse((await api('/api/v1/invoices', 'no XML', key)).text).ref, JSON.parse(sent.text).ref);
    const answer = await eventually('an answer', async () => {
      const said = JSON.parse((await provider.get(sent.location)).text);
      return said.state === 'refused' && said;
    });
    assert.match(answer.report.error, /Start tag|start tag|Document is empty/);
    for (const [what, response, status] of [
      ['no key', await api('/api/v1/invoices', '<a/>'), 400], ['nothing sent', await api('/api/v1/invoices', '', key), 400], ['another body', await api('/api/v1/invoices', '<b/>', key), 422],
      ['unknown file', await api('/api/v1/files/ZZZZ-ZZZZ'), 404], ['another method', await api('/api/v1/invoices'), 405], ['unknown address', await api('/api/v1/nothing'), 404],
      ['nobody signed in', await new Client(town).send('/api/v1/invoices', { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml', 'idempotency-key': randomUUID() } }), 401],
    ]) {
      assert.deepEqual([what, response.status, response.headers.get('content-type')], [what, status, 'application/problem+json']);
      assert.equal(JSON.parse(response.text).status, status);
    }
  });

  await t.test('a question carries its reason code on the page, in the API and in the list', async () => {
    await send([['dear.csv', csv('EI-6', { ...visits[3], price: visits[3].price + 500, amount: visits[3].amount + Math.round(500 * visits[3].hours) })]]);
    const [file, , outcome] = await read('dear.csv');
    assert.equal(outcome, 'exception');
    assert.ok(JSON.parse((await provider.get(`/api/v1/files/${file}`)).text).report.questions.some((q) => q.reason === 'PRI'));
    assert.match(textOf((await provider.get(`/provider/invoices/${invoice('EI-6')[0]}`)).text), /\(PRI\)/);
    const officer = new Client(town);
    await officer.signIn('Ravi Patel');
    assert.match((await officer.get('/council/exceptions.csv')).text, /PRI/);
  });

  const officer = new Client(town);
  const decide = async (number, line, action, note) => {
    const [ref] = invoice(number);
    const [question] = town.sql(`SELECT ref FROM payments.exception e WHERE state = 'open' AND line = ${line} AND invoice_id = (SELECT id FROM payments.invoice WHERE ref = '${ref}') ORDER BY id LIMIT 1`)[0];
    const at = `/council/exceptions/${ref}/${question}`;
    return textOf((await officer.submit(await officer.form(at, at), { action, note })).text);
  };

  await t.test('an invoice that is sent back says why; corrected under its number it passes without a hand', async () => {
    await officer.signIn('Ravi Patel');
    await decide('EI-6', 1, 'return', 'The agreed price is the one on the order.');
    const page = textOf((await provider.get(`/provider/invoices/${invoice('EI-6')[0]}`)).text);
    assert.match(page, /Sent back to you.*Reason: Price \(PRI\) Returned to you: The agreed price is the one on the order\./);
    await send([['right.csv', csv('EI-6', visits[3])]]);
    await read('right.csv');
    assert.deepEqual(invoice('EI-6').slice(1, 3), ['approved', '0']);
  });

  await t.test('a dispute holds its own line: the rest of the invoice is approved and goes into the next run', async () => {
    const [a, b] = town.sql(`SELECT b.order_ref, b.planned_on, b.quantity, b.unit_price, b.amount, b.listing_ref FROM payments.billable_visit b
      JOIN identity.organisation o ON o.id = b.organisation_id WHERE o.name = 'Walk with Priya' ORDER BY b.planned_on LIMIT 2`)
      .map(([order, on, hours, price, amount, service]) => ({ order, on, hours: Number(hours), price: Number(price), amount: Number(amount), service }));
    const priya = new Client(town);
    await priya.signIn('Priya Nair');
    const dear = { ...b, price: b.price + 500, amount: b.amount + Math.round(500 * b.hours) };
    await send([['two.csv', csv('EI-7', a) + csv('EI-7', dear).split('\n')[1] + '\n']], priya);
    assert.equal((await read('two.csv'))[2], 'exception');
    const said = await decide('EI-7', 2, 'dispute', 'Nobody agreed to this price.');
    assert.match(said, /disputed/);
    assert.match(said, /End the dispute about line 2/);
    assert.doesNotMatch(said, /about line 1/);
    const page = textOf((await priya.get(`/provider/invoices/${invoice('EI-7')[0]}`)).text);
    assert.match(page, /Part of it is being looked at; the rest is not held up.*Disputed: this line waits, the rest is paid: Nobody agreed to this price\./);
    await officer.submit(await officer.form('/council/runs/new', '/council/runs/new'));
    assert.deepEqual(town.sql(`SELECT state, approved, scheduled FROM payments.invoice WHERE number = 'EI-7'`)[0], ['disputed', `${a.amount}`, `${a.amount}`]);
    assert.equal(await town.verify(), '');
  });

  await t.test('a provider whose files wait in great numbers is told to send the others later', async () => {
    const count = () => town.sql('SELECT count(*) FROM jobs.file')[0][0];
    const fill = (from, to) => town.sql(`INSERT INTO jobs.file (council_id, ref, kind, name, sha256, bytes, organisation_id) SELECT 1, 'FULL-' || n, 'invoice', 'full.xml', '', '', (SELECT id FROM identity.organisation WHERE name = 'Hearth and Home Care')
      FROM generate_series(${from}, ${to}) AS n`);
    fill(1, 199);
    const before = count(), refused = await send([['one.xml', '<a/>'], ['two.xml', '<b/>']]);
    assert.equal(refused.status, 429);
    assert.match(textOf(refused.text), /Too much of yours is waiting already You have sent as many files as may wait to be read at once\. Nothing of this was stored\. Send it again in a few minutes\./);
    assert.equal(count(), before, 'all of what is sent together, or nothing');
    fill(200, 200);
    const api = await provider.send('/api/v1/invoices', { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml', 'idempotency-key': randomUUID(), 'x-csrf-token': (await provider.form('/provider/invoices/upload', '/provider/invoices/upload')).fields.csrf } });
    assert.deepEqual([api.status, JSON.parse(api.text).type, api.headers.get('retry-after')], [429, '/problems/too-many-waiting', '60']);
    town.sql(`DELETE FROM jobs.file WHERE name = 'full.xml'`);
  });

  if (pictures)
    await t.test('pictures', async () => {
      mkdirSync(pictures, { recursive: true });
      const b = await browser();
      const page = await (await b.newContext()).newPage();
      await page.goto(`${town.url}/sign-in`);
      await page.getByRole('button', { name: 'Olivia Stone' }).first().click();
      const [broken] = town.sql(`SELECT ref FROM jobs.file WHERE name = 'broken.xml'`)[0];
      for (const [name, path] of [['upload', '/provider/invoices/upload'], ['broken', `/provider/files/${broken}`], ['invoice', `/provider/invoices/${invoice('EI-4')[0]}`],
        ['question', `/provider/invoices/${invoice('EI-6')[0]}`], ['list', '/provider/invoices'], ['new', '/provider/invoices/new']]) {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(town.url + path);
          await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
        }
        if (name === 'invoice') {
          await page.emulateMedia({ media: 'print' });
          await page.setViewportSize({ width: 794, height: 1123 });
          await page.screenshot({ path: join(pictures, 'print.png'), fullPage: true });
          await page.emulateMedia({ media: 'screen' });
        }
      }
      await b.close();
    });
});
