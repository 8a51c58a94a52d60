// Looks at the style guide in a browser under the real content security policy: axe, html-validate, sideways scroll, script errors, pictures.
//   make VARIANT=asan build/asan/tests/test_shell && node tests/e2e/style_guide.mjs [build/asan/tests/test_shell]
// Pictures are left in build/style-guide/*.png.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { axeSource, browser, root } from './harness.mjs';
import { validate } from './look.mjs';

const axe = axeSource();

const folder = join(root, 'build/style-guide');
const pages = ['guide', 'errors', 'done', 'problem'];
const widths = [1280, 320];
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const findings = [];
const report = (page, text) => findings.push(`${page}: ${text}`);

function render() {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  execFileSync(resolve(process.argv[2] ?? join(root, 'build/asan/tests/test_shell')), { cwd: root, env: { ...process.env, STYLE_GUIDE: folder } });
}

function serve() {
  const server = createServer((request, response) => {
    try {
      const body = readFileSync(join(folder, new URL(request.url, 'http://x').pathname));
      response.writeHead(200, { 'content-type': types[extname(request.url)], 'content-security-policy': policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

async function check(name) {
  for (const text of await validate(readFileSync(join(folder, `${name}.html`), 'utf8'))) report(name, text);
}

async function look(chrome, address, name, width) {
  const page = await chrome.newPage({ viewport: { width, height: 900 } });
  page.on('console', (m) => m.type() === 'error' && report(name, `console at ${width}: ${m.text()}`));
  page.on('pageerror', (e) => report(name, `script at ${width}: ${e.message}`));
  page.on('requestfailed', (r) => report(name, `request at ${width}: ${r.url()}`));
  await page.goto(`${address}/${name}.html`, { waitUntil: 'networkidle' });
  const sizes = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    smallest: Math.min(
      ...[...document.querySelectorAll('body *')]
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map((e) => parseFloat(getComputedStyle(e).fontSize)),
    ),
    started: document.body.classList.contains('govuk-frontend-supported'),
  }));
  if (sizes.scroll > 0) report(name, `scrolls sideways by ${sizes.scroll} px at ${width}`);
  if (sizes.smallest < 16) report(name, `smallest text is ${sizes.smallest} px at ${width}`);
  if (!sizes.started) report(name, 'boot.js did not run');
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const v of result.violations) report(name, `axe ${v.id} at ${width}: ${v.nodes.map((n) => n.target).join(' ')}`);
  await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  await page.close();
}

render();
const server = await serve();
const chrome = await browser();
try {
  for (const name of pages) {
    await check(name);
    for (const width of widths) await look(chrome, `http://127.0.0.1:${server.address().port}`, name, width);
  }
} finally {
  await chrome.close();
  server.close();
}
for (const line of findings) console.error(line);
console.log(`style guide: ${pages.length} pages at ${widths.length} widths, ${findings.length} findings`);
process.exit(findings.length ? 1 : 0);
