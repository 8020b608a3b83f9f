// Copy buttons, and the page of another URL while somebody puts it together. All of it works without this script as well.

const COPIED_FOR_MS = 2_000;
/** So long nobody types any more. */
const PAUSE_MS = 150;

/**
 * Puts a button at each text that is to be copied.
 * @param {ParentNode} within
 */
function addCopyButtons(within) {
  for (const block of within.querySelectorAll('pre[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy: ${block.getAttribute('data-copy')}`);
    button.addEventListener('click', () => copy(block, button));
    block.append(button);
  }
}

/**
 * Copies a text, or selects it where the browser lets no page write to the clipboard.
 * @param {Element} block
 * @param {HTMLButtonElement} button
 */
async function copy(block, button) {
  const text = block.querySelector('code');
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(text);
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, COPIED_FOR_MS);
}

/**
 * The query that a form asks for, without the fields that nobody has filled in.
 * @param {HTMLFormElement} form
 */
function queryOf(form) {
  const filled = [...new FormData(form)].filter(([, value]) => String(value).trim() !== '');
  const names = [...new Set(filled.map(([name]) => name))];
  const valuesOf = (/** @type {string} */ name) =>
    filled
      .filter(([each]) => each === name)
      .map(([, value]) => String(value))
      .join(',');
  return new URLSearchParams(names.map((name) => [name, valuesOf(name)])).toString();
}

/** @type {AbortController | undefined} */
let asking;

/**
 * Shows the part of the page that depends on the URL as this server makes it for another one.
 * @param {HTMLFormElement} form
 */
async function update(form) {
  asking?.abort();
  asking = new AbortController();
  const query = queryOf(form);
  const address = query === '' ? location.pathname : `${location.pathname}?${query}`;
  try {
    const response = await fetch(address, { headers: { Accept: 'text/html' }, signal: asking.signal });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const shown of document.querySelectorAll('[data-live]')) {
      const made = page.querySelector(`[data-live][id="${shown.id}"]`);
      if (made !== null) replace(shown, made);
    }
    say(document.querySelector('#summary')?.textContent ?? '');
    history.replaceState(null, '', address);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    say('This server does not answer. The address is not updated.');
  }
}

/**
 * Puts in a part of another page, in which stays open what was open.
 * @param {Element} shown
 * @param {Element} made
 */
function replace(shown, made) {
  for (const { id } of shown.querySelectorAll('details[open]')) {
    made.querySelector(`details[id="${id}"]`)?.setAttribute('open', '');
  }
  addCopyButtons(made);
  shown.replaceWith(document.adoptNode(made));
}

/**
 * Says what has changed to whom the screen is read to.
 * @param {string} text
 */
function say(text) {
  const region = document.querySelector('#said');
  if (region !== null) region.textContent = text;
}

addCopyButtons(document);
const form = document.querySelector('#builder');
if (form instanceof HTMLFormElement) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => update(form), PAUSE_MS);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void update(form);
  });
}
