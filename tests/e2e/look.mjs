// What makes a page fit to be shown, asked of every page the same way: axe, html-validate, the browser's console (the content security policy speaks
// there), sideways scroll at 320 px, the size of the smallest text.
import { axeSource, require } from './harness.mjs';

const { HtmlValidate } = require('html-validate');
const axe = axeSource();
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// The error summary is a level 2 heading above the page's heading, by design.
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'heading-level': ['error', { minInitialRank: 'h2', allowMultipleH1: false }],
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit', 'reset'] }],
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'prefer-native-element': 'off',
    'tel-non-breaking': 'off',
  },
});

export async function validate(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap((file) => file.messages.map((m) => `html-validate ${m.ruleId} line ${m.line}: ${m.message}`));
}

// Collects what the page says on its console from now on; the function returned takes it out.
export function listen(page) {
  let said = [];
  page.on('console', (m) => m.type() === 'error' && said.push(`console: ${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => said.push(`script: ${e.message}`));
  page.on('requestfailed', (r) => r.failure().errorText !== 'net::ERR_ABORTED' && said.push(`request failed: ${r.url()}`));
  return () => said.splice(0);
}

export async function look(page) {
  const findings = [];
  await page.setViewportSize({ width: 320, height: 800 });
  const sizes = await page.evaluate(() => {
    const shown = [...document.querySelectorAll('body *')].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.checkVisibility());
    return {
      scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      smallest: Math.min(...shown.map((e) => parseFloat(getComputedStyle(e).fontSize))),
    };
  });
  if (sizes.scroll > 0) findings.push(`scrolls sideways by ${sizes.scroll} px at 320 px`);
  if (sizes.smallest < 16) findings.push(`smallest text is ${sizes.smallest} px`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => globalThis.axe.run({ runOnly: only }), tags);
  for (const v of violations) findings.push(`axe ${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
  return findings;
}
