// Filters the list of tools while somebody types. Without this script the form asks the server, as Enter does with it.

const field = document.querySelector('#search input');
const found = document.querySelector('#found');
const groups = [...document.querySelectorAll('.catalogue details')];
const rows = groups.map((group) => ({
  group,
  items: [...group.querySelectorAll('li')].map((item) => ({ item, text: wordsOf(item.textContent ?? '').join(' ') })),
}));

/** @param {string} text */
function wordsOf(text) {
  return text
    .toLowerCase()
    .split(/[\s_,.:;()]+/)
    .filter(Boolean);
}

/** @param {string} query */
function filter(query) {
  const words = wordsOf(query);
  let count = 0;
  for (const { group, items } of rows) {
    const before = count;
    for (const { item, text } of items) {
      const fits = words.every((word) => text.includes(word));
      item.toggleAttribute('hidden', !fits);
      if (fits) count += 1;
    }
    group.toggleAttribute('hidden', count === before);
    group.toggleAttribute('open', words.length > 0);
  }
  if (found !== null) found.textContent = words.length === 0 ? '' : said(count);
}

/** @param {number} count */
function said(count) {
  if (count === 0) return 'No tool has these words. Press Enter to find similar ones.';
  return count === 1 ? '1 tool has these words.' : `${count} tools have these words.`;
}

if (field instanceof HTMLInputElement && groups.length > 0) {
  field.addEventListener('input', () => filter(field.value));
  if (field.value !== '') filter(field.value);
}
