// Pictures for the README: node tests/e2e/screenshots.mjs FOLDER. Of a town of its own, so that they show the same story each time.
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Town, browser, signIn } from './harness.mjs';

const folder = resolve(process.argv[2] ?? 'build/screenshots');
const most = 200 * 1024;
const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const pictures = [
  ['search', null, '/services?q=personal+care&near=EM1+2AB', desk],
  ['service', 'Amina Yusuf', 'Personal care at home', desk],
  ['my-money', 'Amina Yusuf', '/money', desk],
  ['provider-desk', 'Olivia Stone', '/provider', desk],
  ['council-home', 'Ravi Patel', '/council', desk],
  ['my-money-phone', 'Amina Yusuf', '/money', phone],
];

async function take(chrome, town, [name, who, path, viewport]) {
  const page = await chrome.newPage({ viewport });
  if (who) await signIn(page, town.url, who);
  if (path.startsWith('/')) await page.goto(town.url + path);
  else {
    await page.goto(`${town.url}/services?q=${encodeURIComponent(path)}`);
    await page.getByRole('link', { name: path, exact: true }).first().click();
  }
  await page.waitForLoadState('networkidle');
  const file = join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  await page.close();
  const { size } = statSync(file);
  console.log(`${file} ${size} bytes`);
  return size <= most;
}

mkdirSync(folder, { recursive: true });
const town = await Town.open();
let chrome, small = true;
try {
  await town.serve();
  chrome = await browser();
  for (const picture of pictures) small = (await take(chrome, town, picture)) && small;
} finally {
  await chrome?.close();
  await town.close();
}
if (!small) console.error(`a picture is larger than ${most} bytes`);
process.exit(small ? 0 : 1);
