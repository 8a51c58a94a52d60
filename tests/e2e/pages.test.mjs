// Every page that a hat can reach is fit to be shown: each GET route without parameters, and one page of each kind that they link to.
//   node --test tests/e2e/pages.test.mjs
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, Town, browser, root, signIn } from './harness.mjs';
import { listen, look, validate } from './look.mjs';

const hats = [
  ['none', null], ['holder', 'Amina Yusuf'], ['self_funder', 'Margaret Lowe'], ['supporter', 'Mei Chen'], ['broker', 'Nadia Rahman'], ['provider', 'Olivia Stone'],
  ['provider', 'Priya Nair'], ['commissioner', 'Helen Draycott'], ['finance', 'Ravi Patel'], ['auditor', 'Peter Lindqvist'], ['safeguarding', 'Grace Adeyemi'],
  ['moderator', 'Colin Mead'], ['operator', 'Tess Holloway'],
];
const most = 60; // pages a hat
let town, chrome, routes;

before(async () => {
  town = await Town.open();
  await town.serve();
  chrome = await browser();
  routes = execFileSync(resolve(root, process.env.BINARY ?? 'build/release/marketcross'), ['routes']).toString().trim().split('\n').map((line) => line.split('\t'));
});
after(async () => {
  await chrome?.close();
  await town?.close();
});

// Two addresses of the same kind differ in references, numbers and names only.
const kindOf = (path) =>
  path.split('?')[0].replace(/\/for\/[^/]+/, '').replace(/\/[2-9A-Z]{4}-[2-9A-Z]{4}(\/(?!asked|cancel|query|edit|price|accept|review|report|said|back)[a-z0-9-]+)?/g, '/{ref}').replace(/(\/categories|\/demo\/sign-in)\/.*/, '$1/{one}').replace(/\/\d+(?=\/|$)/g, '/{n}');

const starts = (hat) =>
  routes.filter(([method, path, who]) => method === 'GET' && !path.includes('{') && (who === 'anyone' || who.split(',').includes(hat))).map(([, path]) => path);

const linksOf = (page) =>
  page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => new URL(a.href)).filter((u) => u.origin === location.origin).map((u) => u.pathname + u.search));

async function walk(hat, name) {
  const findings = [], titles = new Map(), seen = new Set(), answers = new Map();
  const client = new Client(town);
  if (name) await client.signIn(name);
  const context = await chrome.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  if (name) await signIn(page, town.url, name);
  const heard = listen(page);
  const alive = async (path, from) => {
    if (!answers.has(path)) answers.set(path, (await client.get(path)).status);
    if (answers.get(path) >= 400) findings.push(`${from}: dead link ${path} (${answers.get(path)})`);
  };
  // What everybody can see is looked at once, as a visitor.
  const common = hat === 'none' ? new Set() : new Set(starts('none'));
  const queue = starts(hat).filter((path) => !common.has(path));
  for (let path; (path = queue.shift()) !== undefined && seen.size < most; ) {
    // What is for programs is no page: a browser that shows it asks for an icon of its own, and hears about that on the page after it.
    if (seen.has(kindOf(path)) || /\.(csv|json|ics|xml)(\?|$)|\/sign-in\/link\/|^\/openreferral\//.test(path)) continue;
    seen.add(kindOf(path));
    const response = await page.goto(town.url + path);
    if (response.status() >= 400 || !/text\/html/.test(response.headers()['content-type'] ?? '')) {
      // Not every page of a role is for everybody in it (self-billing is for micro-enterprises): then nothing may link there, which `alive` sees.
      if (response.status() >= 400 && response.status() !== 403) findings.push(`${path}: ${response.status()}`);
      heard();
      continue;
    }
    seen.add(kindOf(new URL(page.url()).pathname));
    for (const text of [...(await look(page)), ...(await validate(await response.text())), ...heard()]) findings.push(`${path}: ${text}`);
    const title = await page.title(), other = titles.get(title);
    if (other && other !== kindOf(new URL(page.url()).pathname)) findings.push(`${path}: the title "${title}" is also that of ${other}`);
    titles.set(title, kindOf(new URL(page.url()).pathname));
    for (const link of new Set(await linksOf(page))) {
      await alive(link, path);
      const plain = link.split('?')[0];
      if (!common.has(plain) && !(hat !== 'none' && /^\/(services|providers|events|categories)\b/.test(plain))) queue.push(link);
    }
  }
  await context.close();
  return { findings, pages: seen.size };
}

for (const [hat, name] of hats)
  test(`pages of ${name ? `${name}, ${hat}` : 'a visitor'}`, async (t) => {
    const { findings, pages } = await walk(hat, name);
    t.diagnostic(`${pages} kinds of page`);
    assert.deepEqual([...new Set(findings)], []);
    assert.ok(pages > 0, 'there is something to look at');
  });
