// The HTML report: widths, themes, levels, script off, keys, links, print, size, speed, hostile names.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  accessibility, cut, fromCorpus, hasPdfText, hostile, hostileName, job, levels, manyTasks, on, overflow, pdfText, report
} from './lib.mjs';

const twoSteps = job('skew-and-small-heap', 'faulty-3.5.9');
const logs = {
  'two findings': twoSteps,
  'failed': job('job-fails', 'faulty-3.5.9'),
  'cut': cut(job('skewed-join', 'faulty-3.5.9')),
  'clean': job('healthy-etl', 'clean-3.5.9'),
  'streaming': job('streaming', 'faulty-4.3.0'),
  'Spark Connect': job('spark-connect', 'clean-4.3.0'),
  'Photon': fromCorpus('NVIDIA-spark-rapids-tools/e2e/event_logs/photon_eventlog.zstd'),
  'notebook on Databricks': fromCorpus('synccomputing-spark_log_parser/log_in_dir/databricks.json.gz')
};
const pages = Object.entries(logs).filter(([, log]) => log).map(([name, log]) => [name, report(log)]);
const two = report(twoSteps, '--top', '9');
const many = report(job('tpcds', 'aqe-on-1-33-3.5.9'));

const openAll = page => page.evaluate(() => document.querySelectorAll('details').forEach(row => { row.open = true; }));
const isOpen = (page, id) => page.evaluate(anchor => document.getElementById(anchor).open, id);
const address = page => page.evaluate(() => location.href);
const level = page => page.evaluate(() => document.documentElement.dataset.level);
// Its top is in the window, and below the bar.
const inSight = (page, id) => page.evaluate(anchor => {
  const bar = document.querySelector('.bar');
  const least = getComputedStyle(bar).position === 'sticky' ? bar.getBoundingClientRect().bottom - 1 : -1;
  const top = document.getElementById(anchor).getBoundingClientRect().top;
  return top >= least && top < innerHeight;
}, id);

// Levels differ in findings alone; axe needs seconds for a large page, so that is looked at once a theme.
const differing = html => html.includes('class="finding') && html.length < 150000 ? levels : ['practitioner'];

for (const [name, { url, html }] of pages) {
  test(`${name}: nothing is wider than the page at 360 and 1440 px`, async () => {
    for (const width of [360, 1440]) {
      await on(url, { width }, async page => {
        for (const each of levels) {
          await page.evaluate(value => { document.documentElement.dataset.level = value; }, each);
          await openAll(page);
          assert.deepEqual(await overflow(page), [], `${width} px, ${each}`);
        }
      });
    }
  });
  test(`${name}: axe finds nothing, light and dark, at each level`, async () => {
    for (const dark of [false, true]) {
      for (const each of differing(html)) {
        await on(`${url}?level=${each}`, { dark, width: dark ? 360 : 1280 }, async page => {
          assert.equal(await level(page), each);
          assert.deepEqual(await accessibility(page), [], `${dark ? 'dark' : 'light'}, ${each}`);
        });
      }
    }
  });
  test(`${name}: without script all is there`, async () => {
    await on(url, { script: false }, async page => {
      assert.ok(await page.locator('h1').isVisible());
      for (const paragraph of await page.locator('main > p').all()) assert.ok(await paragraph.isVisible());
      for (const finding of await page.locator('.finding').all()) {
        assert.ok(await finding.locator('.card-title').first().isVisible());
        assert.ok(await finding.locator('.level.practitioner').isVisible());
      }
      for (const section of await page.locator('main > section').all()) {
        const text = await section.innerText();
        assert.ok(text.split('\n').filter(line => line.trim()).length > 1, 'an empty section: ' + text);
      }
      for (const table of ['stage-table', 'query-table', 'executor-table', 'accounts']) {
        if (await page.locator('#' + table).count()) assert.ok(await page.locator(`#${table} tbody tr`).first().isVisible(), table);
      }
      // What needs script is not shown.
      for (const control of ['#levels', '#keys', '#choose', '.filter', '.code button']) {
        for (const one of await page.locator(control).all()) assert.ok(!await one.isVisible(), control);
      }
      await page.locator('#stages details.stage > summary').first().click({ timeout: 2000 }).catch(() => {});
      for (const stage of (await page.locator('#stages details.stage').all()).slice(0, 1))
        assert.ok(await stage.locator('.inside').isVisible(), 'a stage does not open');
    });
  });
  test(`${name}: printed, it has verdict, findings and what is folded on the screen`, async () => {
    for (const script of [true, false]) {
      await on(url, { script, dark: true }, async page => {
        const words = text => text.replace(/\s+/g, '');
        const titles = (await page.locator('.finding .card-title').allTextContents()).map(words);
        const verdict = words(await page.locator('main > p:not(.facts)').first().innerText());
        const folded = (await page.locator('table[id^="tail-"] caption, details.stage table caption').allTextContents()).map(words);
        const pdf = await page.pdf({ format: 'A4' });
        assert.ok(/\/Type\s*\/Page\b/.test(pdf.toString('latin1')));
        if (!hasPdfText) return;
        const text = words(pdfText(pdf));
        assert.ok(text.includes(verdict.slice(0, 40)), 'verdict: ' + verdict);
        for (const title of titles) assert.ok(text.includes(title.slice(0, 30)), 'finding: ' + title);
        for (const caption of folded) assert.ok(text.includes(caption.slice(0, 25)), 'folded: ' + caption);
      });
    }
  });
}

test('the colours are those of the theme', async () => {
  const of = async dark => {
    let colours;
    await on(two.url, { dark }, async page => {
      colours = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.backgroundColor, style.color].map(text => text.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0));
      });
    });
    return colours;
  };
  const [lightPage, lightText] = await of(false), [darkPage, darkText] = await of(true);
  assert.ok(lightPage > lightText && darkPage < darkText);
});

// ---------------------------------------------------------------- keys
test('j and k go through the findings', async () => {
  await on(two.url, {}, async page => {
    const count = await page.locator('.finding').count(), at = () => page.evaluate(() => document.activeElement.closest('.finding')?.id);
    assert.ok(count >= 2);
    const order = await page.locator('.finding').evaluateAll(all => all.map(one => one.id));
    for (const id of [...order, order[count - 1]]) {
      await page.keyboard.press('j');
      assert.equal(await at(), id);
      assert.ok(await page.locator(`#${id} > summary`).evaluate(one => one.getBoundingClientRect().top < innerHeight));
    }
    await page.keyboard.press('k');
    assert.equal(await at(), order[count - 2]);
    const before = await isOpen(page, order[count - 2]);
    await page.keyboard.press('Enter');
    assert.equal(await isOpen(page, order[count - 2]), !before);
    await page.keyboard.press('Control+j');
    assert.equal(await at(), order[count - 2]);
  });
});
test('e opens and folds all findings', async () => {
  await on(two.url, {}, async page => {
    const states = () => page.locator('.finding').evaluateAll(all => all.map(one => one.open));
    assert.deepEqual(await states(), [true, ...Array((await states()).length - 1).fill(false)]);
    await page.keyboard.press('e');
    assert.ok((await states()).every(open => open));
    await page.keyboard.press('e');
    assert.ok((await states()).every(open => !open));
  });
});
test('l goes through the levels, which show other texts and stand in the address', async () => {
  await on(two.url, {}, async page => {
    const texts = new Set();
    for (const wanted of ['expert', 'novice', 'practitioner']) {
      await page.keyboard.press('l');
      assert.equal(await level(page), wanted);
      assert.equal(await page.locator('#levels input:checked').inputValue(), wanted);
      assert.ok((await address(page)).endsWith('?level=' + wanted), await address(page));
      assert.deepEqual(await page.locator('#f1 > .inside > .level').evaluateAll(all =>
        all.filter(one => one.checkVisibility()).map(one => one.className)), ['level ' + wanted]);
      texts.add(await page.locator('#f1').innerText());
    }
    assert.equal(texts.size, 3);
    await page.locator('#levels label', { hasText: 'novice' }).click();
    assert.equal(await level(page), 'novice');
  });
});
test('/ filters the stages, and other keys are letters there', async () => {
  await on(many.url, {}, async page => {
    const rows = () => page.locator('#stage-table tbody tr').evaluateAll(all => all.filter(row => !row.hidden).map(row => row.textContent.toLowerCase()));
    const all = await rows();
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'filter');
    await page.keyboard.type('q17');
    const shown = await rows();
    assert.ok(shown.length > 0 && shown.length < all.length && shown.every(row => row.includes('q17')));
    assert.match(await page.locator('p[aria-live]').first().innerText(), new RegExp(`^${shown.length} of ${all.length} stages`));
    await page.keyboard.type('lekj?/');
    assert.equal(await level(page), 'practitioner');
    assert.equal(await page.locator('.filter').inputValue(), 'q17lekj?/');
  });
});
test('arrows go through the stages that are shown', async () => {
  await on(two.url, {}, async page => {
    const at = () => page.evaluate(() => document.activeElement.textContent);
    const names = await page.locator('#stage-table tbody th a').allTextContents();
    await page.keyboard.press('ArrowDown');
    assert.ok(!names.includes(await at()), 'an arrow outside of the table is for the window');
    await page.locator('#stage-table tbody th a').first().focus();
    for (const name of [...names.slice(1), names.at(-1)]) {
      await page.keyboard.press('ArrowDown');
      assert.equal(await at(), name);
    }
    await page.keyboard.press('ArrowUp');
    assert.equal(await at(), names.at(-2));
    await page.keyboard.press('Enter');
    assert.ok(await isOpen(page, (await address(page)).split('#')[1]));
  });
});
test('? shows the keys', async () => {
  await on(two.url, {}, async page => {
    const seen = () => page.locator('#keys').evaluate(one => one.getBoundingClientRect().top < innerHeight);
    assert.equal(await seen(), false);
    await page.keyboard.press('?');
    assert.equal(await seen(), true);
    // All that the page names were tried here.
    assert.deepEqual(await page.locator('#keys kbd').allTextContents(), ['j', 'k', 'e', 'l', '/', '↓', '↑', '?']);
  });
});
test('Tab goes to the skip link first, and it leads to the findings', async () => {
  await on(two.url, {}, async page => {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    assert.ok(await page.locator('.skip').evaluate(one => one.getBoundingClientRect().left >= 0));
    await page.keyboard.press('Enter');
    assert.ok(await inSight(page, 'findings'));
  });
});

// ---------------------------------------------------------------- links
test('links open what they name', async () => {
  const anchors = html => {
    const node = /<details class="stage" id="(plan-q\d+)"[\s\S]*?<tr id="(q\d+n\d+)"(?![\s\S]*<tr id="\1n)/.exec(html);
    return { plan: node[1], node: node[2], stage: [...html.matchAll(/<details class="stage" id="(s[\d.]+)"/g)].pop()[1] };
  };
  for (const made of [two, many]) {
    const { plan, node, stage } = anchors(made.html);
    const finding = [...made.html.matchAll(/id="(f\d+)"/g)].pop()[1];
    for (const id of [finding, stage, plan]) {
      await on(made.url + '#' + id, {}, async page => {
        assert.ok(await isOpen(page, id), id + ' is folded');
        assert.ok(await inSight(page, id), id + ' is out of sight');
      });
    }
    await on(made.url + '?level=expert#' + node, {}, async page => {
      assert.equal(await level(page), 'expert');
      assert.ok(await isOpen(page, plan) && await inSight(page, node), node);
    });
    await on(made.url, {}, async page => {
      assert.equal(await isOpen(page, stage), false);
      await page.locator(`#stage-table a[href="#${stage}"]`).click();
      assert.ok(await isOpen(page, stage) && await inSight(page, stage), 'the link of a stage');
      await page.goBack();
      assert.ok(!(await address(page)).includes('#'));
    });
    await on(made.url + '#' + finding, { width: 900 }, async page => assert.ok(await inSight(page, finding), 'below a bar of more lines'));
    await on(made.url + '?level=nobody#nowhere%', {}, async page => assert.equal(await level(page), 'practitioner'));
  }
});
test('#t= and a range drawn over the timeline filter the stages', async () => {
  const hidden = page => page.locator('#stage-table tbody tr').evaluateAll(all => [all.filter(row => row.hidden).length, all.length]);
  await on(many.url + '#t=68-104', {}, async page => {
    const rows = await page.locator('#stage-table tbody tr').evaluateAll(all => all.map(row =>
      [!row.hidden, +row.dataset.from <= 104000 && +row.dataset.to >= 68000]));
    assert.ok(rows.some(([shown]) => shown) && rows.some(([shown]) => !shown));
    for (const [shown, inside] of rows) assert.equal(shown, inside);
    assert.match(await page.locator('p[aria-live]').first().innerText(), /from 68 s to 104 s/);
  });
  await on(many.url, {}, async page => {
    await page.locator('#timeline').scrollIntoViewIfNeeded();
    const box = await page.locator('#timeline').boundingBox();
    await page.mouse.move(box.x + box.width * .5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * .6, box.y + 20, { steps: 4 });
    await page.mouse.up();
    assert.match(await address(page), /#t=[\d.]+-[\d.]+$/);
    const [some, all] = await hidden(page);
    assert.ok(some > 0 && some < all);
    assert.ok(await page.locator('#range').evaluate(one => +one.getAttribute('width') > 0));
    await page.evaluate(() => { location.hash = ''; });
    await page.waitForFunction(() => !document.querySelector('#stage-table tr[hidden]'));
  });
});
test('without script, too, the bar hides no target', async () => {
  for (const id of ['plan', 'stages']) await on(two.url + '#' + id, { script: false }, async page => assert.ok(await inSight(page, id), id));
});
test('every link of the page has its target', async () => {
  for (const [name, { url }] of [...pages, ['many', many]]) {
    await on(url, {}, async page => assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('a')]
      .map(link => (link.getAttribute('href') || link.getAttribute('xlink:href')))
      .filter(href => !/^#t=/.test(href) && !document.getElementById(href.slice(1)))), [], name));
  }
});

// ---------------------------------------------------------------- what else can be done
test('the lines below the plan are parts of its section', async () => {
  await on(two.url, {}, async page => assert.deepEqual(
    (await page.locator('#plan h3').allTextContents()).filter(text => text !== 'Only some of them'), ['Together', 'Check', 'Not chosen', 'No help']));
});
test('steps of the plan can be left out', async () => {
  await on(two.url, {}, async page => {
    const said = () => page.locator('#chosen').innerText(), all = await said();
    assert.match(all, /^Saves .*; the run then takes /);
    const boxes = page.locator('#choose input');
    await boxes.nth(0).uncheck();
    const some = await said();
    assert.notEqual(some, all);
    for (let i = 1; i < await boxes.count(); ++i) await boxes.nth(i).uncheck();
    assert.equal(await said(), 'Nothing is changed.');
  });
});
test('code can be copied', async () => {
  await on(two.url, {}, async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
    const box = page.locator('.finding .code, #what-to-do .code').first();
    await box.locator('button').click();
    assert.equal(await page.evaluate(() => getSelection().toString().trim()), (await box.locator('pre').innerText()).trim());
    await page.waitForFunction(() => [...document.querySelectorAll('.code button')].some(one => one.textContent === 'copied'));
  });
});

// ---------------------------------------------------------------- large and hostile
const ready = page => page.evaluate(() => performance.getEntriesByType('navigation')[0].domInteractive);
test('100,000 tasks, and 33 queries with their plans: small and quick', async () => {
  for (const [name, made] of [['tasks', report(manyTasks(100000))], ['queries', many]]) {
    assert.ok(made.html.length < 1.5e6, `${name}: ${made.html.length} bytes`);
    await on(made.url, {}, async page => {
      const first = await ready(page);
      assert.ok(first < 1000, `${name}: interactive after ${first} ms`);
      const link = page.locator('#stage-table a').last(), id = (await link.getAttribute('href')).slice(1);
      const took = await link.evaluate(one => new Promise(done => {
        const begun = performance.now();
        one.click();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
      }));
      assert.ok(await isOpen(page, id) && await inSight(page, id));
      assert.ok(took < 500, `${name}: a stage opened after ${took} ms`);
    });
  }
});
test('hostile names stay text', async () => {
  const made = report(hostile(twoSteps));
  for (const width of [360, 1440]) {
    await on(made.url, { width }, async page => {
      await openAll(page);
      assert.deepEqual(await overflow(page), [], `${width} px`);
      const seen = await page.evaluate(() => ({
        harmed: window.harmed, images: document.images.length, scripts: document.scripts.length, text: document.body.textContent,
        handlers: [...document.querySelectorAll('body, body *')].filter(one => [...one.attributes].some(a => /^on|^style$/.test(a.name))).length
      }));
      assert.deepEqual([seen.harmed, seen.images, seen.scripts, seen.handlers], [undefined, 0, 1, 0]);
      assert.ok(seen.text.includes(hostileName.slice(0, 30)) && !seen.text.includes('\u202e'));
      assert.deepEqual(await accessibility(page), []);
    });
  }
});
