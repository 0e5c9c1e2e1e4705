// The page of `advise serve`: dropped and chosen logs, the list, what-if questions, two reports, deletion.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import test, { after, before } from 'node:test';
import { accessibility, advise, hostile, job, on, overflow, work } from './lib.mjs';

const faulty = job('skewed-join', 'faulty-3.5.9');
const running = [];
process.on('exit', () => { for (const server of running) server.kill(); });
// A server of its own folder of logs, and its address.
async function serve(name, logs) {
  const folder = join(work, name);
  mkdirSync(folder);
  for (const [file, log] of Object.entries(logs)) copyFileSync(log, join(folder, file));
  const server = spawn(advise, ['serve', '--port', '0', '--dir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(server);
  const said = await new Promise((done, fail) => { server.stdout.once('data', done); server.once('exit', fail); });
  return /http:\/\/\S+/.exec(said.toString())[0];
}
const row = (page, name) => page.locator('#logs tbody tr').filter({ has: page.locator('a', { hasText: name }) });
const rows = page => page.locator('#logs tbody tr');
async function listed(page, count, timeout) {
  await page.waitForFunction(wanted => {
    const lines = [...document.querySelectorAll('#logs tbody tr')];
    return lines.length === wanted && lines.every(line => !/read yet|being read|waits/.test(line.textContent));
  }, count, { timeout });
}
const framed = async (page, id) => (await page.locator('#' + id).elementHandle()).contentFrame();
async function shown(page, id = 'report') {
  const frame = await framed(page, id);
  await frame.waitForSelector('main h1');
  return frame;
}
const drag = async (page, path, where = [200, 300]) => {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver']) await devtools.send('Input.dispatchDragEvent', { type, x: where[0], y: where[1], data });
  const seen = await page.locator('#drop').isVisible();
  await devtools.send('Input.dispatchDragEvent', { type: 'drop', x: where[0], y: where[1], data });
  assert.ok(seen, 'nothing says where to drop');
};

let empty, full;
before(async () => {
  empty = await serve('empty', {});
  full = await serve('full', {
    'faulty': faulty, 'clean': job('skewed-join', 'clean-3.5.9'), 'failed': job('job-fails', 'faulty-3.5.9'),
    'two-steps': job('skew-and-small-heap', 'faulty-3.5.9'), 'hostile <img src=x>': hostile(job('healthy-etl', 'clean-3.5.9'))
  });
});
after(async () => {
  for (const server of running) {
    const status = new Promise(done => server.once('exit', done));
    server.kill('SIGTERM');
    assert.equal(await status, 0, 'the server does not end well');
  }
});

test('serve, without logs: axe finds nothing, and it fits 360 px', async () => {
  for (const dark of [false, true]) {
    await on(empty, { dark, width: 360 }, async page => {
      await page.waitForSelector('#none:not([hidden])');
      assert.deepEqual(await accessibility(page), []);
      assert.deepEqual(await overflow(page), []);
      assert.equal(await page.locator('#count').innerText(), '0 logs');
    });
  }
});
test('serve: a log that is dropped leads to its report, and can be deleted', async () => {
  await on(empty, {}, async page => {
    await page.waitForSelector('#none:not([hidden])');
    await drag(page, faulty);
    const frame = await shown(page);
    assert.match(await page.evaluate(() => location.href), /#log=\d+$/);
    assert.match(await frame.locator('main').innerText(), /One task of the join in stage 2/);
    assert.equal(await page.locator('#one-title').innerText(), basename(faulty));
    assert.ok(!await page.locator('#drop').isVisible());
    await row(page, basename(faulty)).locator('button').click();
    await page.waitForSelector('#none:not([hidden])');
    assert.ok(!await page.locator('#one').isVisible());
  });
});
test('serve: a folder that is dropped is read as one log', async () => {
  const folder = join(work, 'rolled', 'eventlog_v2_app');
  mkdirSync(folder, { recursive: true });
  copyFileSync(faulty, join(folder, 'events_1_app.zstd'));
  await on(empty, {}, async page => {
    await page.waitForSelector('#none:not([hidden])');
    await drag(page, folder);
    const frame = await shown(page);
    assert.match(await frame.locator('main').innerText(), /One task of the join in stage 2/);
    await rows(page).first().locator('button').click();
    await page.waitForSelector('#none:not([hidden])');
  });
});
test('serve: a log that is chosen leads to its report; what is no log is told', async () => {
  await on(empty, {}, async (page, { faults }) => {
    await page.waitForSelector('#none:not([hidden])');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.locator('label', { hasText: 'Choose a log' }).click()]);
    await chooser.setFiles(job('job-fails', 'faulty-3.5.9'));
    await shown(page);
    assert.equal(await page.locator('#one-title').innerText(), 'faulty-3.5.9.zstd');
    await row(page, 'faulty').locator('button').click();
    await page.waitForSelector('#none:not([hidden])');
    await page.locator('#file').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a log\n') });
    await page.waitForSelector('text=/cannot be read/');
    await row(page, 'notes.txt').locator('button').click();
    await page.waitForSelector('#none:not([hidden])');
    // The browser notes each answer that is an error.
    faults.splice(0, faults.length, ...faults.filter(fault => !fault.includes('status of 422')));
  });
});
test('serve: in the list, runs that failed come first, then those where most can be saved; it is searched by names and verdicts', async () => {
  await on(full, {}, async page => {
    await listed(page, 5);
    assert.equal(await page.locator('#count').innerText(), '5 logs');
    const names = (await rows(page).locator('th a').allInnerTexts());
    assert.equal(names[0], 'failed');
    const held = (await page.locator('#logs tbody td.number').allInnerTexts()).map(text => {
      const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+) ?s)?/.exec(text);
      return (hours || 0) * 3600 + (minutes || 0) * 60 + +(seconds || 0);
    });
    const others = held.slice(1);
    assert.ok(others[0] > 0);
    assert.deepEqual(others, [...others].sort((a, b) => b - a));
    const soon = 4000;  // the list is read again every 10 s by itself
    await page.locator('#search').fill('TWO-ST');
    await listed(page, 1, soon);
    assert.equal(await page.locator('#count').innerText(), '1 log');
    await page.locator('#search').fill('NOTHING found');
    await page.waitForFunction(() => {
      const lines = [...document.querySelectorAll('#logs tbody tr')];
      return lines.length > 1 && lines.length < 5 && lines.every(line => /nothing found/.test(line.textContent));
    }, undefined, { timeout: soon });
    await page.locator('#search').fill('');
    await listed(page, 5, soon);
    assert.match(await row(page, 'hostile').locator('a').innerText(), /<img src=x>/);
    assert.equal(await page.evaluate(() => document.images.length), 0);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
  });
});
test('serve: what-if controls change the prediction', async () => {
  await on(full, {}, async page => {
    await listed(page, 5);
    await row(page, 'two-steps').locator('a').click();
    await shown(page);
    await page.locator('#whatif > summary').click();
    await page.waitForSelector('#steps:not([hidden]) input');
    const answer = page.locator('#answer'), said = () => answer.innerText();
    const changed = async before => {
      await page.waitForFunction(old => { const text = document.getElementById('answer').innerText; return text && text !== old; }, before);
      return said();
    };
    await page.locator('#steps input').first().check();
    const step = await changed('');
    assert.match(step, /now, then .* to .*, most likely/);
    await page.locator('input[name=executors]').fill('8');
    const both = await changed(step);
    assert.match(both, /now, then|cannot|not/);
    await page.locator('#steps input').first().uncheck();
    const executors = await changed(both);
    await page.locator('input[name=executors]').fill('');
    await page.locator('textarea[name=conf]').fill('spark.sql.shuffle.partitions=96');
    assert.match(await changed(executors), /spark\.sql\.shuffle\.partitions/);
    await page.locator('textarea[name=conf]').fill('');
    await page.waitForFunction(() => !document.getElementById('answer').innerText);
    await page.locator('input[name=partitions]').fill('64');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('answer').innerText);
  });
});
test('serve: two reports stand beside each other, with what differs', async () => {
  await on(full, { width: 1440 }, async page => {
    await listed(page, 5);
    assert.ok(await page.locator('#compare').isDisabled());
    for (const name of ['faulty', 'clean']) await row(page, name).locator('input').check();
    await page.locator('#compare').click();
    const left = await shown(page, 'left'), right = await shown(page, 'right');
    assert.notEqual(await left.locator('h1').innerText(), await right.locator('h1').innerText());
    const boxes = await Promise.all(['left', 'right'].map(id => page.locator('#' + id).boundingBox()));
    assert.ok(boxes[0].y === boxes[1].y && boxes[0].x + boxes[0].width <= boxes[1].x, 'they are not side by side');
    await page.waitForSelector('#differences table');
    assert.match(await page.locator('#differences').innerText(), /Where the time went[\s\S]*Findings[\s\S]*join/);
    assert.deepEqual(await accessibility(page), []);
    await page.goBack();
    assert.ok(!await page.locator('#two').isVisible());
  });
});
test('serve: axe finds nothing in list, report and what-if, and all fit 360 px', async () => {
  for (const dark of [false, true]) {
    await on(full, { dark, width: 360 }, async page => {
      await listed(page, 5);
      assert.deepEqual(await accessibility(page), []);
      assert.deepEqual(await overflow(page), []);
      await row(page, 'two-steps').locator('a').click();
      const frame = await shown(page);
      await page.locator('#whatif').evaluate(one => { one.open = true; });
      await page.locator('input[name=executors]').fill('4');
      await page.waitForFunction(() => document.querySelector('#answer table, #answer .bad'));
      assert.deepEqual(await accessibility(page), []);
      assert.deepEqual(await overflow(page), []);
      assert.deepEqual(await overflow(frame), []);
      await row(page, 'hostile').locator('a').click();
      const other = await shown(page);
      assert.equal(await other.evaluate(() => window.harmed), undefined);
      for (const name of ['faulty', 'two-steps']) await row(page, name).locator('input').check();
      await page.locator('#compare').click();
      await page.waitForSelector('#differences table');
      assert.deepEqual(await overflow(page), []);
    });
  }
});
test('serve: the keyboard alone opens a report', async () => {
  await on(full, {}, async page => {
    await listed(page, 5);
    const at = () => page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.tagName);
    const way = [];
    for (let i = 0; i < 6; ++i) { await page.keyboard.press('Tab'); way.push(await at()); }
    assert.deepEqual(way.slice(0, 4), ['file', 'folder', 'search', 'list of logs']);
    assert.match(way[4], /^compare /);
    await page.keyboard.press('Enter');
    await shown(page);
  });
});
