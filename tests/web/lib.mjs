// What the browser tests share: Chromium, pages that are watched for faults, accessibility, logs to look at.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const advise = resolve(process.env.ADVISE || join(root, 'build/release/engine/cli/advise'));
export const work = mkdtempSync(join(tmpdir(), 'advise-web-'));
export const levels = ['novice', 'practitioner', 'expert'];
const axe = readFileSync(join(root, 'tests/web/node_modules/axe-core/axe.min.js'), 'utf8');
const names = ['chromium', 'chromium-browser', 'google-chrome'];
const executable = names.map(name => spawnSync('which', [name]).stdout.toString().trim()).find(path => path);
export const hasPdfText = spawnSync('pdftotext', ['-v']).error === undefined;

// A new profile that is empty each time: playwright makes one under the temporary folder and deletes it.
export const browser = await chromium.launch({
  executablePath: executable, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']
});
export async function end() {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}

// ---------------------------------------------------------------- logs
export const job = (name, log) => join(root, 'pathological-jobs', name, 'logs', log + '.zstd');
const corpus = process.env.ADVISE_CORPUS || join(root, '../shared/corpus');
export function fromCorpus(path) {
  const log = join(corpus, path);
  return existsSync(log) ? log : null;
}
const unpack = log => execFileSync('zstd', ['-dcq', log], { maxBuffer: 1 << 30 }).toString();

// The first half of a log, ended within an event: the application was killed, or the copy was.
export function cut(log) {
  const text = unpack(log), path = join(work, 'cut');
  writeFileSync(path, text.slice(0, text.length / 2));
  return path;
}

// Every name of a log that whoever runs a job can choose.
export const hostileName = '</script><script>window.harmed = 1</script>" onload=\'x\' <img src=x onerror="window.harmed = 2">' +
  ' \u202ertl &amp; -->';
export function hostile(log) {
  const name = JSON.stringify(hostileName).slice(1, -1) + 'x'.repeat(10000), path = join(work, 'hostile <img src=x>');
  const keys = /("(?:App Name|Stage Name|Details|Host|description|spark\.job\.description)":")[^"\\]*(?:\\.[^"\\]*)*"/g;
  writeFileSync(path, unpack(log).replace(keys, (all, key) => key + name + '"'));
  return path;
}
export function manyTasks(count) {
  const path = join(work, 'tasks');
  execFileSync('python3', [join(root, 'tests/bench/make_growth_log.py'), 'tasks', String(count), path]);
  return path;
}

let reports = 0;
export function report(log, ...options) {
  const path = join(work, `report-${++reports}.html`);
  execFileSync(advise, ['--no-config', ...options, log, '--format', 'html', '-o', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  return { path, url: pathToFileURL(path).href, html: readFileSync(path, 'utf8') };
}

// ---------------------------------------------------------------- pages
// Opens a page in a context of its own. What it asks for outside of `home`, and what it complains of, are faults that
// close() tells: so are breaches of the page's own policy, which the console reports.
export async function open(url, { width = 1280, height = 900, dark = false, script = true, home = url.split(/[?#]/)[0] } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: script
  });
  context.setDefaultTimeout(15000);
  const faults = [];
  const watch = page => {
    page.on('pageerror', error => faults.push(String(error)));
    page.on('dialog', dialog => { faults.push('dialog ' + dialog.message()); dialog.dismiss(); });
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
  };
  context.on('page', watch);
  await context.route('**', route => {
    const asked = route.request().url();
    if (asked.startsWith(home)) return route.continue();
    faults.push('asked for ' + asked);
    return route.abort();
  });
  const page = await context.newPage();
  await page.goto(url);
  return { page, faults, async close() { await context.close(); assert.deepEqual(faults, []); } };
}
export async function on(url, options, look) {
  const opened = await open(url, options);
  try { await look(opened.page, opened); } catch (error) { await opened.close().catch(() => {}); throw error; }
  await opened.close();
}

// What axe finds, as lines; all of the page is looked at, so all that folds is opened before.
export async function accessibility(frame) {
  await frame.evaluate(() => { for (const row of document.querySelectorAll('details')) row.open = true; });
  await frame.evaluate(axe);
  return frame.evaluate(async () => {
    const found = await window.axe.run(document, { iframes: false, resultTypes: ['violations'] });
    return found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node =>
      `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]} ${node.html.slice(0, 150)}`));
  });
}

// Elements that reach over the right edge of the page, but for what scrolls by itself.
export function overflow(frame) {
  return frame.evaluate(() => {
    const wide = document.documentElement.clientWidth, over = [];
    if (document.scrollingElement.scrollWidth <= wide) return over;
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest('.scroll, pre') && !element.matches('.scroll, pre')) continue;
      if (element.getBoundingClientRect().right > wide + 1) over.push(element.outerHTML.slice(0, 120));
    }
    return ['the page is ' + document.scrollingElement.scrollWidth + ' px wide', ...over.slice(0, 5)];
  });
}

export function pdfText(pdf) {
  const path = join(work, 'page.pdf');
  writeFileSync(path, pdf);
  return execFileSync('pdftotext', ['-layout', path, '-']).toString().replace(/\s+/g, ' ');
}
