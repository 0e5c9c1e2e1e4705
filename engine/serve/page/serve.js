// The page of `advise serve`: uploads, the list, what-if questions, two reports. Texts of logs become text nodes and
// nothing else.
'use strict';
const $ = id => document.getElementById(id);
const api = '/api/v1/analyses';
let known = new Map();
let ticked = [];
let current = null;
let mostBytes = Infinity;

function make(tag, text, attributes) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  for (const name in attributes || {}) node.setAttribute(name, attributes[name]);
  return node;
}
function time(ms) {
  if (ms === null || ms === undefined) return '–';
  const s = Math.abs(ms) / 1000, sign = ms < 0 ? '−' : '';
  if (s < 1) return sign + Math.round(s * 1000) + ' ms';
  if (s < 60) return sign + s.toFixed(1) + ' s';
  if (s < 3600) return sign + Math.floor(s / 60) + 'm' + String(Math.floor(s % 60)).padStart(2, '0') + 's';
  return sign + Math.floor(s / 3600) + 'h' + String(Math.floor(s % 3600 / 60)).padStart(2, '0') + 'm';
}
function bytes(n) {
  if (n === null || n === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  for (; n >= 1024 && i < 4; ++i) n /= 1024;
  return (i === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)) + ' ' + units[i];
}
async function ask(path, options) {
  const response = await fetch(path, options);
  const text = await response.text();
  let body = null;
  try { body = text ? JSON.parse(text) : null; } catch (e) { body = null; }
  if (!response.ok) {
    const error = body && body.error;
    throw new Error(error ? error.message + (error.help ? '; ' + error.help : '') : 'the server answered ' + response.status);
  }
  return body;
}

// ---------------------------------------------------------------- the list
function row(log) {
  const line = make('tr');
  if (log.id === current) line.setAttribute('aria-current', 'true');
  const tick = make('input', null, {type: 'checkbox', 'aria-label': 'compare ' + log.name});
  tick.checked = ticked.includes(log.id);
  tick.disabled = log.state !== 'done';
  tick.addEventListener('change', () => {
    ticked = ticked.filter(id => id !== log.id);
    if (tick.checked) ticked = ticked.concat(log.id).slice(-2);
    list();
  });
  line.appendChild(make('td')).appendChild(tick);
  const name = line.appendChild(make('th', null, {scope: 'row'}));
  name.appendChild(make('a', log.name, {href: '#log=' + log.id}));
  name.appendChild(make('div', log.source === 'upload' ? 'uploaded, ' + bytes(log.bytes) : bytes(log.bytes), {class: 'soft'}));
  const verdict = line.appendChild(make('td', null, log.state === 'failed' || log.failed ? {class: 'bad'} : {}));
  if (log.state === 'done') verdict.textContent = log.verdict;
  else if (log.state === 'failed') verdict.textContent = 'cannot be read: ' + log.error;
  else if (log.state === 'reading') {
    verdict.appendChild(make('progress', null, log.bytes ? {max: log.bytes, value: log.read_bytes} : {}));
    verdict.append(' is being read');
  } else verdict.appendChild(make('span', log.state === 'waiting' ? 'waits to be read' : 'not read yet', {class: 'soft'}));
  line.appendChild(make('td', log.findings_hold_ms ? time(log.findings_hold_ms) : '', {class: 'number'}));
  const last = line.appendChild(make('td'));
  if (log.source === 'upload') {
    const away = last.appendChild(make('button', 'Delete', {type: 'button', 'aria-label': 'delete ' + log.name}));
    away.addEventListener('click', async () => {
      await ask(api + '/' + log.id, {method: 'DELETE'});
      if (current === log.id) location.hash = '';
      list();
    });
  }
  return line;
}
let asked = 0;
async function list() {
  const turn = ++asked;
  let body;
  try {
    body = await ask(api + '?search=' + encodeURIComponent($('search').value));
  } catch (error) {
    $('count').textContent = String(error.message);
    return;
  }
  if (turn !== asked) return;
  mostBytes = body.most_upload_bytes;
  known = new Map(body.analyses.map(log => [log.id, log]));
  if (known.has(current)) $('one-title').textContent = known.get(current).name;
  ticked = ticked.filter(id => known.has(id));
  const focus = document.activeElement && document.activeElement.getAttribute('aria-label');
  $('logs').tBodies[0].replaceChildren(...body.analyses.map(row));
  if (focus) for (const node of $('logs').querySelectorAll('[aria-label]')) if (node.getAttribute('aria-label') === focus) node.focus();
  $('none').hidden = body.total > 0;
  $('count').textContent = body.total > body.analyses.length ? body.analyses.length + ' of ' + body.total + ' logs' : body.total + (body.total === 1 ? ' log' : ' logs');
  $('compare').disabled = ticked.length !== 2;
  clearTimeout(list.timer);
  if (body.analyses.some(log => log.state === 'waiting' || log.state === 'reading')) list.timer = setTimeout(list, 700);
  else list.timer = setTimeout(list, 10000);
}
$('search').addEventListener('input', () => { clearTimeout(list.typing); list.typing = setTimeout(list, 150); });
$('compare').addEventListener('click', () => { location.hash = '#two=' + ticked.join(','); });

// ---------------------------------------------------------------- one report, two reports
async function show() {
  const one = /^#log=([0-9]+)$/.exec(location.hash), two = /^#two=([0-9]+),([0-9]+)$/.exec(location.hash);
  $('one').hidden = !one;
  $('two').hidden = !two;
  current = one ? one[1] : null;
  if (one) {
    $('report').src = '/analyses/' + current;
    $('alone').href = '/analyses/' + current;
    $('json').href = api + '/' + current + '?wait=1';
    $('answer').replaceChildren();
    $('steps').hidden = true;
    $('changes').reset();
    $('one-title').textContent = known.has(current) ? known.get(current).name : 'Report';
    steps(current);
  }
  if (two) {
    $('left').src = '/analyses/' + two[1];
    $('right').src = '/analyses/' + two[2];
    $('differences').textContent = 'is being compared …';
    try {
      differences(await ask('/api/v1/compare?a=' + two[1] + '&b=' + two[2]));
    } catch (error) {
      $('differences').textContent = String(error.message);
    }
  }
  list();
}
async function steps(id) {
  let report;
  try { report = await ask(api + '/' + id + '?wait=1'); } catch (error) { return; }
  if (id !== current) return;
  const plan = report.plan ? report.plan.steps : [];
  const fields = $('steps');
  fields.replaceChildren(make('legend', 'steps of the plan'));
  plan.forEach((step, i) => {
    const label = make('label');
    label.appendChild(make('input', null, {type: 'checkbox', name: 'step', value: String(i + 1)}));
    const own = report.recommendations.find(r => r.id === step);
    label.append(' ' + (i + 1) + ' ' + (own ? own.fix : step));
    fields.appendChild(label);
  });
  fields.hidden = plan.length === 0;
}
function table(caption, heads, rows) {
  const block = make('details');
  block.open = true;
  block.appendChild(make('summary', caption));
  const body = block.appendChild(make('table'));
  const head = body.createTHead().insertRow();
  heads.forEach((text, i) => head.appendChild(!text ? make('td') : make('th', text, {scope: 'col', class: i > 0 && heads.length > 2 ? 'number' : ''})));
  const lines = body.createTBody();
  for (const cells of rows) {
    const line = lines.insertRow();
    cells.forEach((text, i) => line.appendChild(make(i === 0 ? 'th' : 'td', text, i === 0 ? {scope: 'row'} : {class: heads.length > 2 ? 'number' : ''})));
  }
  return rows.length ? block : make('span');
}
function differences(c) {
  const pair = (title, p, f) => [title, f(p.a), f(p.b)];
  const plain = v => v === null ? '–' : String(v);
  $('differences').replaceChildren(
      ...c.caveats.map(text => make('p', text, {class: 'bad'})),
      table('The runs', ['', 'first', 'second'], [
        pair('application', c.app_names, plain), pair('duration', c.duration_ms, time), pair('executors', c.executors, plain),
        pair('slots', c.slots, plain), pair('task attempts', c.task_attempts, plain), pair('failed tasks', c.failed_tasks, plain)]),
      table('Where the time went', ['account', 'first', 'second'], c.accounts.map(x => pair(x.account.replaceAll('_', ' '), x.ms, time))),
      table('Findings', ['finding', 'first', 'second'], c.findings.map(x =>
          [x.title, x.findings.a.length ? time(x.claimed_ms.a) : 'none', x.findings.b.length ? time(x.claimed_ms.b) : 'none'])),
      table('Settings', ['setting', 'first', 'second'], c.settings.map(x => [x.key, plain(x.value.a), plain(x.value.b)])),
      table('Queries', ['query', 'first', 'second'], c.queries.slice(0, 15).map(x => pair(x.description, x.duration_ms, time))),
      table('Stages', ['stage', 'first', 'second'], c.stages.slice(0, 15).map(x => pair(x.name, x.duration_ms, time))));
}
window.addEventListener('hashchange', show);

// ---------------------------------------------------------------- what if
function changes() {
  const form = $('changes'), request = {}, conf = {};
  for (const name of ['executors', 'partitions']) if (form.elements[name].value.trim()) request[name] = Number(form.elements[name].value);
  if (form.elements.memory.value.trim()) conf['spark.executor.memory'] = form.elements.memory.value.trim();
  for (const line of form.elements.conf.value.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) conf[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  if (Object.keys(conf).length) request.conf = conf;
  const chosen = [...form.querySelectorAll('input[name=step]:checked')].map(node => Number(node.value));
  if (chosen.length) request.apply = chosen;
  return request;
}
let question = 0;
async function predict() {
  const request = changes(), turn = ++question;
  if (!Object.keys(request).length) return $('answer').replaceChildren();
  let body;
  try {
    body = await ask(api + '/' + current + '/whatif', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(request)});
  } catch (error) {
    if (turn === question) $('answer').replaceChildren(make('p', error.message, {class: 'bad'}));
    return;
  }
  if (turn !== question) return;
  const parts = [make('ul')];
  for (const change of body.changes) parts[0].appendChild(make('li', change.text + (change.from ? ' (was ' + change.from + ')' : '')));
  if (body.refused) parts.push(make('p', body.refused.text, {class: 'bad'}));
  if (body.predicted && !body.refused) {
    const t = body.predicted.time_ms;
    parts.push(make('p', time(body.base.duration_ms) + ' now, then ' + time(t.low) + ' to ' + time(t.high) + ', most likely ' + time(t.mid) +
        ' (eight of ten runs, evidence ' + body.evidence_class + ')'));
    parts.push(table('Where the time would go', ['account', 'now', 'then'], body.by_account.filter(x => x.before_ms || x.after_ms)
        .map(x => [x.account.replaceAll('_', ' '), time(x.before_ms), time(x.after_ms)])));
  }
  for (const text of body.caveats) parts.push(make('p', text, {class: 'soft'}));
  $('answer').replaceChildren(...parts);
}
$('changes').addEventListener('submit', event => { event.preventDefault(); predict(); });
$('changes').addEventListener('input', () => { clearTimeout(predict.typing); predict.typing = setTimeout(predict, 500); });

// ---------------------------------------------------------------- uploads
function upload(name, blob) {
  const line = $('uploads').appendChild(make('li', name + ' '));
  if (blob.size > mostBytes) return line.append('has ' + bytes(blob.size) + ', more than the server takes: ' + bytes(mostBytes));
  const bar = line.appendChild(make('progress', null, {max: 1, value: 0, 'aria-label': 'upload of ' + name}));
  const request = new XMLHttpRequest();
  request.open('POST', api + '?name=' + encodeURIComponent(name));
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.upload.addEventListener('progress', event => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  const fail = text => { bar.remove(); line.className = 'bad'; line.append(text); };
  request.addEventListener('error', () => fail('could not be sent'));
  request.addEventListener('load', () => {
    let body = null;
    try { body = JSON.parse(request.responseText); } catch (error) { body = null; }
    if (request.status !== 201) return fail(body && body.error ? body.error.message : 'the server answered ' + request.status);
    line.remove();
    list();
    if (body.analyses.length === 1) location.hash = '#log=' + body.analyses[0].id;
  });
  request.send(blob);
}
// A folder goes as one tar, made of its files as they lie on the disk.
function tar(files) {
  const parts = [], text = new TextEncoder();
  for (const {path, file} of files) {
    const name = text.encode(path), long = name.length > 100;
    const header = (shown, size, type) => {
      const block = new Uint8Array(512), put = (at, value) => block.set(text.encode(value), at);
      block.set(shown.slice(0, 100), 0);
      put(100, '0000644\0' + '0000000\0' + '0000000\0');
      put(124, size.toString(8).padStart(11, '0') + ' ' + '00000000000 ' + '        ' + type);
      put(257, 'ustar\0' + '00');
      let sum = 0;
      for (const byte of block) sum += byte;
      put(148, sum.toString(8).padStart(6, '0') + '\0 ');
      return block;
    };
    const fill = size => new Uint8Array((512 - size % 512) % 512);
    if (long) parts.push(header(text.encode('././@LongLink'), name.length, 'L'), name, fill(name.length));
    parts.push(header(name, file.size, '0'), file, fill(file.size));
  }
  parts.push(new Uint8Array(1024));
  return new Blob(parts);
}
async function walk(entry, path, files) {
  if (entry.isFile) {
    files.push({path: path + entry.name, file: await new Promise((done, fail) => entry.file(done, fail))});
  } else if (entry.isDirectory) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      for (const one of some) await walk(one, path + entry.name + '/', files);
    }
  }
}
$('file').addEventListener('change', event => { for (const file of event.target.files) upload(file.name, file); event.target.value = ''; });
$('folder').addEventListener('change', event => {
  const files = [...event.target.files].map(file => ({path: file.webkitRelativePath || file.name, file}));
  if (files.length) upload(files[0].path.split('/')[0], tar(files));
  event.target.value = '';
});
let over = 0;
const carries = event => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
addEventListener('dragenter', event => { if (carries(event)) { ++over; $('drop').hidden = false; } });
addEventListener('dragleave', event => { if (carries(event) && --over <= 0) { over = 0; $('drop').hidden = true; } });
addEventListener('dragover', event => { if (carries(event)) event.preventDefault(); });
addEventListener('drop', async event => {
  if (!carries(event)) return;
  event.preventDefault();
  over = 0;
  $('drop').hidden = true;
  const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry());
  const plain = [...event.dataTransfer.files];
  for (let i = 0; i < plain.length; ++i) {
    if (entries[i] && entries[i].isDirectory) {
      const files = [];
      await walk(entries[i], '', files);
      upload(plain[i].name, tar(files));
    } else {
      upload(plain[i].name, plain[i]);
    }
  }
});
show();
