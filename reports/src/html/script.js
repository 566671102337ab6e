'use strict';
// An addition: everything on the page is there without it.
const all = [...document.querySelectorAll('article.scenario')];

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const own = target.querySelector('details');
  target.hidden = false;
  for (let up = target.parentElement; up; up = up.parentElement) up.hidden = false;
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

const tools = document.createElement('form');
tools.className = 'tools';
tools.setAttribute('role', 'search');
tools.setAttribute('aria-label', 'Filter scenarios');
tools.addEventListener('submit', (e) => e.preventDefault());
const values = (a, key) => (a.dataset[key] || '').split('|').filter(Boolean);
const natural = new Intl.Collator('en', { numeric: true });
const choices = [];
const attention = '!';
const choose = (key, label, wording) => {
  const known = [...new Set(all.flatMap((a) => values(a, key)))].sort(natural.compare);
  if (known.length < (key === 'verdict' ? 2 : 1)) return;
  const select = document.createElement('select');
  select.id = `filter-${key}`;
  const option = (value, text) => select.append(new Option(text, value));
  option('', wording);
  if (key === 'verdict') option(attention, 'What needs attention');
  for (const value of known) option(value, key === 'verdict' ? value[0].toUpperCase() + value.slice(1) : value);
  select.setAttribute('aria-label', label);
  select.addEventListener('change', () => apply());
  choices.push([key, select]);
  tools.append(select);
};
choose('verdict', 'Verdict', 'Every verdict');
choose('clauses', 'Clause', 'Every clause');
choose('codes', 'Alarm code', 'Every alarm code');
choose('models', 'Model', 'Every model');

const filter = document.createElement('input');
filter.type = 'search';
filter.id = 'filter-text';
filter.placeholder = 'words: name, tag, bench …';
filter.setAttribute('aria-label', 'Show scenarios that contain these words');
tools.append(filter);
const button = (text, action) => {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = text;
  b.addEventListener('click', action);
  tools.append(b);
};
const told = document.createElement('span');
told.id = 'filter-told';
told.setAttribute('role', 'status');
const texts = new Map();
const chosen = (a, key, value) => {
  if (!value) return true;
  if (value === attention) return !['pass', 'skipped'].includes(a.dataset.verdict);
  return values(a, key).includes(value);
};
const apply = () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const a of all) {
    if (words.length && !texts.has(a)) texts.set(a, a.textContent.toLowerCase());
    const fits = choices.every(([key, select]) => chosen(a, key, select.value))
      && words.every((w) => texts.get(a).includes(w));
    a.hidden = !fits;
    if (fits) shown += 1;
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
button('Open all', () => each(true));
button('Close all', () => each(false));
button('Show everything', () => {
  choices.forEach(([, select]) => { select.value = ''; });
  filter.value = '';
  apply();
});
filter.addEventListener('input', apply);
tools.append(told);
const first = document.querySelector('section.chapter');
if (first && all.length > 1) first.before(tools);
if (location.hash) reveal();
