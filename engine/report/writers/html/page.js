// What a reader may do with the page: the level, links that open their target, keys, copying code, filtering stages by
// a word or a range of time. Nothing is shown that is not in the page without it, and no text becomes markup.
(function () {
  'use strict';
  var doc = document, root = doc.documentElement;
  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }
  function make(name, attributes) {
    var element = doc.createElement(name);
    for (var key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  }

  // ---- level: ?level=novice
  var levels = all('#levels input');
  function show(level, remember) {
    levels.forEach(function (input) {
      if (input.value !== level) return;
      input.checked = true;
      root.dataset.level = level;
      if (!remember) return;
      try { history.replaceState(null, '', '?level=' + level + location.hash); } catch (error) { /* of a file */ }
    });
  }
  levels.forEach(function (input) { input.addEventListener('change', function () { show(input.value, true); }); });
  doc.getElementById('levels').hidden = false;
  doc.getElementById('keys').hidden = false;
  var asked = /[?&]level=(\w+)/.exec(location.search);
  if (asked) show(asked[1], false);

  // ---- findings: the first is open, for novices all of them
  var findings = all('.finding');
  findings.forEach(function (finding, i) { finding.open = i === 0 || root.dataset.level === 'novice'; });

  // ---- filters of the table of stages
  var table = doc.getElementById('stage-table'), timeline = doc.getElementById('timeline');
  var word = '', from = -Infinity, to = Infinity, input = null, note = null;
  function filter() {
    if (!table) return;
    var shown = 0, rows = all('tbody tr', table);
    rows.forEach(function (row) {
      var inside = !row.dataset.from || (+row.dataset.from <= to && +row.dataset.to >= from);
      row.hidden = !inside || row.textContent.toLowerCase().indexOf(word) < 0;
      shown += row.hidden ? 0 : 1;
    });
    note.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' stages' +
      (from > -Infinity ? ' from ' + from / 1000 + ' s to ' + to / 1000 + ' s' : '');
  }
  if (table) {
    input = make('input', {
      'class': 'filter', type: 'search', placeholder: 'filter stages', 'aria-label': 'filter stages by a word'
    });
    note = make('p', { 'class': 'aside', 'aria-live': 'polite' });
    table.parentNode.parentNode.insertBefore(input, table.parentNode);
    table.parentNode.parentNode.insertBefore(note, table.parentNode);
    input.addEventListener('input', function () { word = input.value.toLowerCase(); filter(); });
  }

  // ---- links: #f2, #s50, #q24, and #t=68-104 in seconds
  function follow() {
    var range = /^#t=([\d.]+)-([\d.]+)$/.exec(location.hash);
    from = range ? range[1] * 1000 : -Infinity;
    to = range ? range[2] * 1000 : Infinity;
    mark(range ? from : 0, range ? to : 0);
    filter();
    var target = null;
    try {
      target = range ? null : doc.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (error) { /* no address of ours */ }
    for (var at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    if (target) target.scrollIntoView();
  }
  function mark(a, b) {
    if (!timeline) return;
    var scale = timeline.dataset.plot / timeline.dataset.ms, rect = doc.getElementById('range');
    rect.setAttribute('x', +timeline.dataset.left + a * scale);
    rect.setAttribute('width', Math.max(0, (b - a) * scale));
  }
  addEventListener('hashchange', follow);

  // What a link leads to stands below the bar, however many lines that has.
  function leaveRoom() { root.style.scrollPaddingTop = doc.querySelector('.bar').offsetHeight + 8 + 'px'; }
  addEventListener('resize', leaveRoom);
  leaveRoom();

  // ---- a range drawn over the timeline
  function time(event) {
    var box = timeline.getBoundingClientRect(), view = timeline.viewBox.baseVal;
    var x = (event.clientX - box.left) * view.width / box.width - timeline.dataset.left;
    return Math.max(0, Math.min(+timeline.dataset.ms, x * timeline.dataset.ms / timeline.dataset.plot));
  }
  if (timeline) {
    var begin = null;
    timeline.addEventListener('pointerdown', function (event) {
      begin = event.pointerType === 'mouse' && event.button === 0 ? time(event) : null;
    });
    timeline.addEventListener('pointermove', function (event) {
      if (begin !== null) mark(Math.min(begin, time(event)), Math.max(begin, time(event)));
    });
    addEventListener('pointerup', function (event) {
      if (begin === null) return;
      var end = time(event), a = Math.min(begin, end), b = Math.max(begin, end);
      begin = null;
      if ((b - a) * timeline.dataset.plot < 6 * timeline.dataset.ms) return follow();
      location.hash = 't=' + Math.round(a) / 1000 + '-' + Math.round(b) / 1000;
    });
    timeline.addEventListener('dragstart', function (event) { event.preventDefault(); });
  }

  // ---- some steps of the plan: the row of the table that is ticked
  var choose = doc.getElementById('choose');
  function choice() {
    var bits = 0, chosen = doc.getElementById('chosen');
    all('input', choose).forEach(function (box) { bits += box.checked ? +box.value : 0; });
    var row = doc.querySelector('[data-choice="' + bits + '"]');
    var cells = row ? row.cells : null;
    chosen.textContent = !row ? 'Nothing is changed.' : !cells[2].textContent ? 'These ' + cells[1].textContent + '.' :
      'Saves ' + cells[1].textContent + '; the run then takes ' + cells[2].textContent + '.';
  }
  if (choose) {
    choose.hidden = false;
    choose.addEventListener('change', choice);
    choice();
  }

  // ---- copy
  all('.code').forEach(function (box) {
    var button = make('button', { type: 'button' });
    button.textContent = 'copy';
    button.addEventListener('click', function () {
      var pre = box.querySelector('pre');
      getSelection().selectAllChildren(pre);
      var done = function () { button.textContent = 'copied'; };
      if (navigator.clipboard) navigator.clipboard.writeText(pre.textContent).then(done, function () {});
      else if (doc.execCommand('copy')) done();
    });
    box.appendChild(button);
  });

  // ---- print: all rows open
  addEventListener('beforeprint', function () { all('details').forEach(function (row) { row.open = true; }); });

  // ---- keys
  doc.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea, select')) return;
    var active = doc.activeElement, at = findings.indexOf(active && active.closest('.finding'));
    if (event.key === 'j' || event.key === 'k') {
      at = Math.max(0, Math.min(findings.length - 1, at + (event.key === 'j' ? 1 : -1)));
      if (!findings[at]) return;
      findings[at].querySelector('summary').focus();
      findings[at].scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'e') {
      var closed = findings.some(function (finding) { return !finding.open; });
      findings.forEach(function (finding) { finding.open = closed; });
    } else if (event.key === 'l') {
      var names = levels.map(function (level) { return level.value; });
      show(names[(names.indexOf(root.dataset.level) + 1) % names.length], true);
    } else if (event.key === '/' && input) {
      input.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      var links = table && table.contains(active) ? all('tbody tr:not([hidden]) > th a', table) : [];
      at = links.indexOf(active && active.closest('tr') && active.closest('tr').querySelector('th a'));
      if (at < 0) return;
      links[Math.max(0, Math.min(links.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
    } else if (event.key === '?') {
      doc.getElementById('keys').scrollIntoView();
    } else {
      return;
    }
    event.preventDefault();
  });
  follow();
})();
