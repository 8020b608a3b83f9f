// How an environment stands: what get_status answers.

import { connectHost, element, errorIn, inWords, isObject, shown } from './host.js';

/** @typedef {import('./host.js').Host} Host */
/** @typedef {import('./host.js').Json} Json */

const OF_CONNECTIONS = 'connections_by_state';

/**
 * @param {Host} _host
 * @param {Json} args
 * @param {Json} result
 */
function showStatus(_host, args, result) {
  const main = document.querySelector('main');
  const { structuredContent } = result;
  if (result['isError'] === true || !isObject(structuredContent)) {
    main?.replaceChildren(element('h1', ['No status']), element('p', [String(errorIn(result)['message'])]));
    return;
  }
  const { counts, unfinished, not_read: notRead } = structuredContent;
  const { [OF_CONNECTIONS]: byState, ...numbers } = isObject(counts) ? counts : {};
  const { environmentId } = args;
  main?.replaceChildren(
    element('h1', ['Status of the environment']),
    ...(typeof environmentId === 'string' ? [element('p', [environmentId], 'soft')] : []),
    element('dl', Object.entries(numbers).map(number), 'numbers'),
    ...(isObject(byState) ? [element('h2', ['Connections by state']), shown(byState)] : []),
    element('h2', ['What looks unfinished']),
    unfinishedOf(Array.isArray(unfinished) ? unfinished.filter(isObject) : []),
    ...(Array.isArray(notRead) && notRead.length > 0
      ? [
          element('h2', ['What could not be read']),
          element('p', [notRead.map((name) => inWords(String(name))).join(', ')]),
        ]
      : []),
  );
}

/** @param {[string, unknown]} count */
function number([name, count]) {
  return element('div', [element('dt', [inWords(name)]), element('dd', [String(count)])]);
}

/** @param {Json[]} entries */
function unfinishedOf(entries) {
  if (entries.length === 0) return element('p', ['Nothing.']);
  return element(
    'ul',
    entries.map(({ what, ids, next_tool: tool }) =>
      element('li', [
        String(what),
        element('p', [`${Array.isArray(ids) ? `${ids.join(', ')}. ` : ''}Next: ${tool}`], 'soft'),
      ]),
    ),
  );
}

connectHost('scalekit-status', showStatus);
