// Services beside each other: ticked in a search or begun on a service's page, at what one pattern costs, which is what the order then costs; with script and without.
//   node --test tests/e2e/compare.test.mjs
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Town, browser, iso, signIn, textOf } from './harness.mjs';
import { listen, look, validate } from './look.mjs';

let town, chrome, refs;
before(async () => {
  town = await Town.open();
  await town.serve();
  chrome = await browser();
  refs = (where) => town.sql(`SELECT ref FROM catalogue.listing l WHERE status = 'published' AND ${where} ORDER BY id`).flat();
});
after(async () => {
  await chrome?.close();
  await town?.close();
});

const as = async (name) => {
  const client = new Client(town);
  if (name) await client.signIn(name);
  return client;
};
const read = async (client, path) => textOf((await client.get(path)).text);
const table = async (client, path) => {
  const [head, ...rows] = (await client.get(path)).text.trim().split('\r\n').map((l) => l.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
};

for (const script of [true, false])
  test(`ticked in a search, compared, asked for at that cost, ${script ? 'with' : 'without'} script`, async (t) => {
    const context = await chrome.newContext({ javaScriptEnabled: script });
    const page = await context.newPage();
    t.after(() => context.close());
    const findings = [], heard = listen(page), main = page.locator('main');
    const fit = async () => {
      if (script) for (const f of [...(await look(page)), ...(await validate(await (await page.request.get(page.url())).text())), ...heard()]) findings.push(`${page.url()}: ${f}`);
    };
    await signIn(page, town.url, 'Amina Yusuf');
    await page.goto(`${town.url}/services?q=personal+care&near=EM1+2AB`);
    await page.getByRole('checkbox', { name: 'Compare Personal care at home', exact: true }).check();
    await page.getByRole('checkbox', { name: 'Compare Personal care by a family agency' }).check();
    await fit();
    await page.getByRole('button', { name: 'Compare those that are ticked' }).click();
    const columns = page.locator('.app-compare__one');
    assert.equal(await columns.count(), 2);
    assert.match(await columns.first().innerText(), /Personal care at home[^]*Hearth and Home Care[^]*£23\.10 an hour, your council’s price \(otherwise £26\.50\)[^]*They come to EM1 2AB[^]*Good, on [^]*review/);
    await fit();
    await page.getByLabel('How long each time?').fill('1h 30');
    for (const day of ['Monday', 'Thursday']) await page.getByRole('checkbox', { name: day }).check();
    await page.getByLabel('For how many weeks?').fill('4');
    await page.getByRole('button', { name: 'See what they cost' }).click();
    assert.match(await main.innerText(), /Every Monday, Thursday, for 4 weeks/);
    // 23.10 × 1.5 = 34.65; twice a week; eight times.
    assert.match(await columns.first().innerText(), /Each time, 1 hour 30 minutes\s+£34\.65\s+A week\s+£69\.30\s+In all, 8 visits\s+£277\.20/);
    await fit();
    const tops = await Promise.all([0, 1].map((n) => columns.nth(n).locator('dl > div').evaluateAll((rows) => rows.map((r) => Math.round(r.getBoundingClientRect().top)))));
    assert.deepEqual(tops[0], tops[1], 'what is alike stands in one row');
    await page.setViewportSize({ width: 320, height: 800 });
    const boxes = await columns.evaluateAll((all) => all.map((c) => c.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
    assert.ok(boxes[1][0] >= boxes[0][1], 'on a phone one below the other');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('button', { name: 'See what they cost' }).isVisible(), false);
    assert.equal(await columns.first().getByText('£277.20').isVisible(), true);
    await page.emulateMedia({ media: null });
    await columns.first().getByRole('link', { name: 'Ask for this service' }).click();
    await page.getByLabel('How long each time?').fill('1h 30');
    for (const day of ['Monday', 'Thursday']) await page.getByRole('checkbox', { name: day }).check();
    await page.getByLabel('From which day?').fill(iso(3).split('-').reverse().map(Number).join(' '));
    await page.getByLabel('For how many weeks?').fill('4');
    await page.getByLabel('What is it for?').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'See what it costs' }).click();
    assert.match(await main.innerText(), /£277\.20 in all/, 'the check page of asking says the same');
    assert.deepEqual(findings, []);
  });

test('from the page of a service others of its kind are offered; fewer than two, and one more, with the pattern kept', async () => {
  const visitor = await as(), [care] = refs(`title = 'Personal care at home'`);
  const service = await visitor.get(`/services/${care}`);
  assert.match(service.text, new RegExp(`href="/compare\\?id=${care}">Compare with others`));
  const choose = await visitor.get(`/compare?id=${care}&minutes=2&weekdays=1&weekdays=3&weeks=3`);
  assert.match(textOf(choose.text), /Choose what to compare.*Choose 2, 3 or 4 services.*Personal care at home, Hearth and Home Care Home care, mornings and evenings/);
  const offered = [...choose.text.matchAll(/name="id" type="checkbox" value="([^"]+)"( checked)?/g)].map(([, ref, checked]) => [ref, Boolean(checked)]);
  assert.deepEqual(offered[0], [care, true]);
  assert.equal(offered.filter(([, checked]) => checked).length, 1);
  assert.ok(offered.length >= 3 && new Set(offered.map(([ref]) => ref)).size === offered.length, 'each once');
  assert.match(choose.text, /type="hidden" name="weekdays" value="1 3"/);
  const two = `/compare?id=${care}&id=${offered[1][0]}&minutes=2&weekdays=1+3&weeks=3`;
  assert.match(await read(visitor, two), /Every Monday, Wednesday, for 3 weeks.*Each time, 2 hours £53\.00 A week £106\.00 In all, 6 visits £318\.00/);
  const more = (await visitor.get(two)).text.match(/href="([^"]+more=yes)"/)[1].replaceAll('&amp;', '&');
  assert.equal([...(await visitor.get(more)).text.matchAll(/type="checkbox" value="[^"]+" checked/g)].length, 2);
  assert.match(await read(visitor, '/compare'), /Nothing is chosen yet/);
});

test('too many, unknown, closed, hidden and groups are said in words, and a draft is as unknown as nothing', async () => {
  const visitor = await as(), six = refs('true').slice(0, 6), [group] = town.sql(`SELECT ref FROM catalogue.entry WHERE status = 'published' AND assured_on > current_date - 100 LIMIT 1`)[0];
  const columns = async (path) => [...(await visitor.get(path)).text.matchAll(/class="app-compare__one"/g)].length;
  assert.equal(await columns(`/compare?id=${six.join('+')}`), 4);
  assert.match(await read(visitor, `/compare?id=${six.join('+')}`), /These are the first 4 that you chose/);
  assert.equal(await columns(`/compare?id=${six[0]}&id=${six[0]}&id=${six[1]}`), 2, 'one named twice is one');
  town.sql(`UPDATE catalogue.listing SET status = 'closed' WHERE ref = '${six[4]}'; UPDATE catalogue.listing SET status = 'draft' WHERE ref = '${six[5]}'`);
  const page = await visitor.get(`/compare?id=${six[0]}+${six[4]}+${six[5]}+${group}+ZZZZ-ZZZ2+%3Cb%3E+${six[1]}`), text = textOf(page.text);
  assert.equal(page.status, 200);
  const [title, draft] = [4, 5].map((n) => town.sql(`SELECT title FROM catalogue.listing WHERE ref = '${six[n]}'`)[0][0]);
  assert.ok(text.includes(`“${title}” has closed.`));
  assert.ok(text.includes(`We know of no service ${six[5]}.`) && !page.text.includes(draft));
  assert.match(text, /is no service with a price, so it cannot be compared.*We know of no service ZZZZ-ZZZ2\. We know of no service <b>\./);
  assert.equal(await columns(`/compare?id=${six[0]}+${six[4]}+${six[5]}+${group}+ZZZZ-ZZZ2+${six[1]}`), 2);
  assert.match(await read(visitor, `/compare?id=${six[0]}+${six[4]}`), /Choose what to compare.*has closed/);
  for (const [wrong, said] of [['weeks=99', 'Enter a number of weeks from 1 to 53'], ['minutes=tea', 'Enter how long each time'], ['near=nowhere', 'Enter a full UK postcode'], ['near=AB1+2DE', 'We do not know where AB1 2DE is'],
    ['weeks=3', 'Choose the days, or leave the weeks empty'], ['weekdays=9', 'Select one of the answers']]) {
    const answer = await visitor.get(`/compare?id=${six[0]}+${six[1]}&${wrong}`);
    assert.match(answer.text, new RegExp(`error-summary[^]*${said}`), wrong);
    for (const finding of await validate(answer.text)) assert.fail(`${wrong}: ${finding}`);
  }
  town.sql(`UPDATE catalogue.listing SET status = 'published' WHERE ref IN ('${six[4]}', '${six[5]}')`);
});

test('the price is the one of the page of the service, for everybody: as page, table and JSON', async () => {
  const [care, other] = [refs(`title = 'Personal care at home'`)[0], refs(`title = 'Help around the house'`)[0]], query = `id=${care}+${other}&minutes=2&weekdays=1&weeks=10`;
  const tom = town.sql(`SELECT ref FROM identity.person WHERE name = 'Tom Ashdown'`)[0][0];
  for (const [name, base, price] of [[null, '', '26.50'], ['Margaret Lowe', '', '26.50'], ['Amina Yusuf', '', '23.10'], ['Helen Draycott', '', '23.10'], ['Nadia Rahman', '', '26.50'], ['Nadia Rahman', `/for/${tom}`, '23.10']]) {
    const client = await as(name), service = await client.get(`${base}/services/${care}`), [row] = await table(client, `${base}/compare.csv?${query}`);
    const isAgreed = price === '23.10', total = (Number(price) * 20).toFixed(2);
    assert.equal(/23\.10/.test(service.text), isAgreed, `${name} on the page of the service`);
    assert.deepEqual([row.ref, row.price, row.agreed, row.each, row.week, row.total], [care, '26.50', isAgreed ? '23.10' : '', (Number(price) * 2).toFixed(2), (Number(price) * 2).toFixed(2), total], `${name} ${base}`);
    const text = await read(client, `${base}/compare?${query}`), json = (await client.get(`${base}/compare.json?${query}`)).text;
    assert.equal(/23\.10/.test(text), isAgreed);
    assert.match(text, new RegExp(`In all, 10 visits £${total}`));
    if (!isAgreed) assert.doesNotMatch(text + json, /23\.10|2310|46\.20|4620|462\.00|46200/);
  }
});
