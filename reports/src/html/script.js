'use strict';
// An addition: everything on the page is there without it.
const all = [...document.querySelectorAll('article.scenario')];
const bad = all.filter((a) => !['pass', 'skipped'].includes(a.dataset.verdict));

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const own = target.querySelector('details');
  target.hidden = false;
  if (target.matches('article') && own) own.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', reveal);

let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  closed.forEach((d) => { d.open = true; });
});
addEventListener('afterprint', () => closed.forEach((d) => { d.open = false; }));

const tools = document.createElement('p');
tools.className = 'tools';
const button = (text, action) => {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = text;
  b.addEventListener('click', action);
  tools.append(b, ' ');
};
const filter = document.createElement('input');
filter.type = 'search';
filter.placeholder = 'name, tag, bench, clause';
filter.setAttribute('aria-label', 'Show scenarios that contain');
let only = false;
const told = document.createElement('span');
told.setAttribute('role', 'status');
const texts = new Map();
const apply = () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const a of all) {
    if (!texts.has(a)) texts.set(a, a.textContent.toLowerCase());
    const fits = words.every((w) => texts.get(a).includes(w));
    a.hidden = !fits || (only && !bad.includes(a));
    if (!a.hidden) shown += 1;
  }
  for (const s of document.querySelectorAll('section.feature, section.chapter')) {
    s.hidden = !s.querySelector('article.scenario:not([hidden])');
  }
  told.textContent = shown === all.length ? '' : `${shown} of ${all.length} scenarios shown`;
};
const each = (open) => all.forEach((a) => {
  const d = a.querySelector('details');
  if (d && !a.hidden) d.open = open;
});
if (bad.length && bad.length < all.length) {
  button('Only what needs attention', (e) => {
    only = !only;
    e.target.textContent = only ? 'Show all' : 'Only what needs attention';
    apply();
  });
}
button('Open all', () => each(true));
button('Close all', () => each(false));
filter.addEventListener('input', apply);
tools.append(filter, ' ', told);
const first = document.querySelector('section.chapter');
if (first && all.length > 1) first.before(tools);
if (location.hash) reveal();
