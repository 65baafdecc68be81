// What links and forms cannot do alone; without it the page only reloads more often.
'use strict';

document.documentElement.classList.add('scripted');

// For those who hear the page.
function say(text) {
  document.getElementById('said').textContent = text;
}

// A field is wrong when a message stands beside it.
function markWrong() {
  document.querySelectorAll('[aria-describedby]').forEach(field => {
    const slot = document.getElementById(field.getAttribute('aria-describedby').split(' ')[0]);
    if (slot && slot.classList.contains('wrong')) {
      if (slot.textContent.trim()) field.setAttribute('aria-invalid', 'true');
      else field.removeAttribute('aria-invalid');
    }
  });
}

// After a list has grown or shrunk the keyboard goes on where it was.
function refocus(wanted) {
  const place = wanted.slice(wanted.indexOf(':') + 1);
  const grows = wanted.startsWith('add:');
  const list = grows ? place : place.slice(0, place.lastIndexOf('/'));
  const found = document.querySelector('[data-list="' + CSS.escape(list) + '"]');
  if (!found) return;
  const items = found.querySelectorAll(':scope > .item');
  const last = items[items.length - 1];
  const target = grows && last
    ? last.querySelector('input:not([type=hidden]), textarea, select, button')
    : found.querySelector(':scope > .add');
  (target || found).focus();
}

document.addEventListener('htmx:afterSettle', event => {
  markWrong();
  const source = event.detail.requestConfig && event.detail.requestConfig.elt;
  if (source && source.name === 'do') refocus(source.value);
  if (event.target.id === 'decision') {
    const first = event.target.querySelector('[autofocus]');
    if (first) first.focus();
  }
});

document.addEventListener('htmx:beforeSwap', event => {
  const detail = event.detail;
  const source = detail.requestConfig.elt;
  if (new URL(detail.xhr.responseURL || location.href).pathname === '/inbox/login') {
    // A session that has ended answers with the login page; that is for the whole window.
    detail.shouldSwap = false;
    location.reload();
  } else if (detail.isError) {
    detail.shouldSwap = false;
    // The page of an error says what is wrong; an edit is not thrown away for it.
    if (source.closest('#draft')) stopEditing();
    else if (!source.hasAttribute('data-refresh')) location.assign(detail.pathInfo.requestPath);
  } else if (source.id === 'list') {
    detail.shouldSwap = isNews(detail.xhr.responseText);
  }
});

function stopEditing() {
  const problems = document.getElementById('problems');
  const notice = document.createElement('p');
  notice.className = 'notice bad';
  notice.textContent = 'This can no longer be edited here. Keep a copy of what you need, then cancel.';
  problems.replaceChildren(notice);
}

// The list is swapped only when it has changed, so that nothing moves under a reader's hand.
function isNews(html) {
  const now = document.getElementById('list');
  const next = new DOMParser().parseFromString(html, 'text/html').getElementById('list');
  if (!next || next.textContent === now.textContent) return false;
  const known = new Set([...now.querySelectorAll('.reviews h2 a')].map(link => link.id));
  const fresh = [...next.querySelectorAll('.reviews h2 a')].filter(link => !known.has(link.id));
  if (fresh.length) say(fresh.length === 1 ? 'A new review: ' + fresh[0].textContent : fresh.length + ' new reviews');
  return true;
}

// A question that is open stays, and so does what has not changed.
document.addEventListener('htmx:oobBeforeSwap', event => {
  const target = event.detail.target;
  if (!['heading', 'outcome', 'history', 'decision', 'subject', 'saying'].includes(target.id)) return;
  const next = event.detail.fragment.querySelector('#' + target.id);
  const same = next && next.textContent === target.textContent;
  const asking = target.id === 'decision' && target.querySelector('#question');
  const typed = target.id === 'saying' && target.querySelector('textarea');
  const writing = typed && (typed.value || typed === document.activeElement);
  if (same || asking || writing) event.detail.shouldSwap = false;
  else if (target.id === 'history') say('Something has happened to this review.');
});

// Open pages ask for what is new, until nobody has touched them for a while: a session must end.
let touched = Date.now();
let asked = Date.now();
['pointerdown', 'keydown', 'scroll', 'focus'].forEach(kind =>
  window.addEventListener(kind, () => { touched = Date.now(); }, { passive: true }));

setInterval(() => {
  const live = document.querySelector('[data-refresh]');
  const every = live ? Number(live.dataset.refresh) : 0;
  const idle = Number(live && live.dataset.idle) || 900000;
  if (!every || document.hidden || Date.now() - asked < every || Date.now() - touched > idle) return;
  if (String(window.getSelection())) return;
  asked = Date.now();
  htmx.trigger(live, 'refresh');
}, 500);

// The place of a problem leads to its field.
document.addEventListener('click', event => {
  const link = event.target.closest('#problems a');
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

// Single keys; off in fields, with a modifier held, and where the reader does not want them.
const OFF = 'ligature-keys-off';
const keysOn = document.getElementById('keys-on');
if (keysOn) {
  keysOn.checked = !localStorage.getItem(OFF);
  keysOn.addEventListener('change', () => {
    if (keysOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, 'true');
  });
}

function rows() {
  return [...document.querySelectorAll('.reviews h2 a')];
}

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (next) next.focus();
}

function press(id, action) {
  const control = document.getElementById(id);
  const row = rows().find(link => link === document.activeElement);
  if (control) control.click();
  else if (row) location.assign(row.getAttribute('href') + '/' + action);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => { const row = rows().find(link => link === document.activeElement); if (row) row.click(); },
  a: () => press('do-approve', 'approve'),
  r: () => press('do-reject', 'reject'),
  e: () => press('do-edit', 'edit'),
  c: () => { const field = document.getElementById('comment'); if (field) field.focus(); },
  u: () => { if (location.pathname !== '/inbox') location.assign('/inbox'); },
  '/': () => { const field = document.getElementById('search'); if (field) field.focus(); },
  '?': () => { const help = document.getElementById('keys'); help.open = !help.open; help.firstElementChild.focus(); },
};

document.addEventListener('keydown', event => {
  const field = event.target.closest('input, textarea, select, [contenteditable]');
  const action = KEYS[event.key];
  if (!action || field || !keysOn || !keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  action();
});
