// What a call would do and take away, and the decision about it. A call is made only by a person's own press of the button,
// once, with the arguments and the confirmation that the host has given for it.

import { connectHost, element, errorIn, inWords, isObject, shown } from './host.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Json} Json */

/** What the tool is called that calls others. */
const STANDS_FOR_OTHERS = 'call_tool';
const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * @param {Host} host
 * @param {Json} args
 * @param {Json} result
 */
function showCall(host, args, result) {
  const error = result['isError'] === true ? errorIn(result) : undefined;
  if (typeof error?.['confirmation'] === 'string') showPreview(host, args, error);
  else {
    const [title, text] = error === undefined ? ['Done', ''] : ['The call failed', String(error['message'])];
    document.querySelector('main')?.replaceChildren(element('h1', [title]), element('p', [text]));
    // There is nothing to decide, so that the host may take the view away.
    if (error === undefined) host.tell('ui/notifications/request-teardown');
  }
}

/**
 * @param {Host} host
 * @param {Json} args
 * @param {Json} error
 */
function showPreview(host, args, error) {
  const { stops_working: stops, ...parts } = isObject(error['preview']) ? error['preview'] : {};
  const takesAway = error['preview'] !== undefined;
  const title = element('h1', [takesAway ? 'What would be lost' : 'What would change in production']);
  const loss = element(
    'div',
    [
      ...(typeof error['action'] === 'string' ? [element('p', [element('strong', [error['action']])])] : []),
      ...(typeof stops === 'string' ? [element('p', [stops])] : []),
    ],
    'loss',
  );
  document
    .querySelector('main')
    ?.replaceChildren(
      title,
      ...(error['code'] === 'confirmation_invalid' ? [element('p', [String(error['message'])])] : []),
      loss,
      ...sectionsOf(parts),
      decisionOf(host, args, error),
    );
}

/**
 * What would be lost, and what depends on it: `{ count, is_complete, entries }`, whose count is null where it is not known.
 * @param {Json} parts
 */
function sectionsOf(parts) {
  const named = Object.entries(parts);
  const none = named.filter(([, part]) => isObject(part) && part['count'] === 0 && part['is_complete'] !== false);
  const sections = named
    .filter((each) => !none.includes(each))
    .map(([name, part]) =>
      isObject(part) && Array.isArray(part['entries'])
        ? sectionOf(titleOf(name, part), [
            part['count'] === 0 ? element('p', ['None were found.'], 'soft') : shown(part['entries']),
            ...(part['is_complete'] === false ? [element('p', ['There may be more.'], 'soft')] : []),
          ])
        : sectionOf(inWords(name), [shown(part)]),
    );
  if (none.length === 0) return sections;
  return [...sections, sectionOf('There are none of these', [none.map(([name]) => inWords(name)).join(', ')])];
}

/**
 * @param {string} name
 * @param {Json} part
 */
function titleOf(name, { count }) {
  return `${inWords(name)}: ${typeof count === 'number' ? count : 'could not be read'}`;
}

/**
 * @param {string} title
 * @param {(Node | string)[]} contents
 */
function sectionOf(title, contents) {
  return element('section', [element('h2', [title]), ...contents], 'box');
}

/**
 * What the person can do: confirm the call here, where the host carries calls; otherwise tell the assistant.
 * @param {Host} host
 * @param {Json} args
 * @param {Json} error
 */
function decisionOf(host, args, error) {
  const said = element('p', []);
  said.setAttribute('role', 'status');
  const call = confirmedCall(host, args, error['confirmation']);
  if (call === undefined) {
    said.append('Nothing has been changed yet. Tell the assistant whether you agree.');
    return element('div', [said], 'decision');
  }
  const box = document.createElement('input');
  box.type = 'checkbox';
  const read = element('label', [
    box,
    element('span', ['I have read what would be lost, and nobody needs it any more.']),
  ]);
  if (error['preview'] === undefined) read.lastElementChild?.replaceChildren('I have read what would change.');
  const confirm = /** @type {HTMLButtonElement} */ (element('button', ['Confirm'], 'strong'));
  const leave = /** @type {HTMLButtonElement} */ (element('button', ['Leave it as it is']));
  for (const button of [confirm, leave]) button.type = 'button';
  confirm.disabled = true;
  const choices = element('div', [read, confirm, leave]);

  box.addEventListener('change', () => {
    confirm.disabled = !box.checked;
  });
  confirm.addEventListener('click', async (event) => {
    // A press that a script makes is nobody's decision.
    if (!event.isTrusted || !box.checked || confirm.disabled) return;
    if (Date.now() >= Date.parse(String(error['confirmationExpiresAt']))) {
      close('This preview has expired, and nothing was changed. Ask the assistant for a new one.');
      return;
    }
    close('Under way …');
    const outcome = await host.ask('tools/call', call).catch(() => undefined);
    if (outcome === undefined)
      end('It is not known whether the call was carried out: the host did not answer it. Ask the assistant.');
    else if (outcome['isError'] !== true)
      end('Done.', `The person confirmed ${call.name} in its preview, and it was carried out.`);
    else showAgain(host, args, errorIn(outcome), end);
  });
  leave.addEventListener('click', () => {
    close('');
    end('Nothing was changed.', `The person declined ${call.name} in its preview. Nothing was changed.`);
  });

  /** @param {string} text */
  function close(text) {
    choices.hidden = true;
    said.textContent = text;
  }

  /**
   * @param {string} text
   * @param {string} [forModel] What the assistant is to know of it. No text of the platform is in it.
   */
  function end(text, forModel) {
    said.textContent = text;
    if (forModel === undefined || !isObject(host.can['updateModelContext'])) return;
    host.ask('ui/update-model-context', { content: [{ type: 'text', text: forModel }] }).catch(() => undefined);
  }

  return element('div', [choices, said], 'decision');
}

/**
 * A confirmed call failed. One for something that has changed since has a new preview, which is shown in its place.
 * @param {Host} host
 * @param {Json} args
 * @param {Json} error
 * @param {(text: string, forModel?: string) => void} end
 */
function showAgain(host, args, error, end) {
  if (typeof error['confirmation'] === 'string') showPreview(host, args, error);
  else
    end(
      String(error['message']),
      'The person confirmed the call in its preview, and it failed. Look at the current state.',
    );
}

/**
 * The call that the person decides about: the same as before, with its confirmation.
 * @param {Host} host
 * @param {Json} args
 * @param {unknown} confirmation
 * @returns {{ name: string, arguments: Json } | undefined} undefined where the host carries no calls, or does not say of which tool
 */
function confirmedCall({ can, tool }, args, confirmation) {
  if (!isObject(can['serverTools']) || tool === undefined || !TOOL_NAME.test(tool)) return undefined;
  if (tool !== STANDS_FOR_OTHERS) return { name: tool, arguments: { ...args, confirmation } };
  const { name, arguments: given } = args;
  if (typeof name !== 'string' || !TOOL_NAME.test(name)) return undefined;
  return { name: tool, arguments: { name, arguments: { ...(isObject(given) && given), confirmation } } };
}

connectHost('scalekit-preview', showCall);
