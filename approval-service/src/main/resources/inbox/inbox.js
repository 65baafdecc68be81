// What links and forms cannot do alone; without it the page only reloads more often.
'use strict';

document.documentElement.classList.add('scripted');

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
});

// A session that has ended answers with the login page; that is for the whole window.
document.addEventListener('htmx:beforeSwap', event => {
  if (new URL(event.detail.xhr.responseURL || location.href).pathname === '/inbox/login') {
    event.detail.shouldSwap = false;
    location.reload();
  } else if (event.detail.isError) {
    event.detail.shouldSwap = false;
  }
});

// The place of a problem leads to its field.
document.addEventListener('click', event => {
  const link = event.target.closest('#problems a');
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
