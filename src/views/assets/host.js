// What every view needs: the conversation with the host that shows it (MCP Apps, revision 2026-01-26: JSON-RPC by
// postMessage), and elements whose texts are texts, whatever characters they hold.

const REVISION = '2026-01-26';
/** Entries of one list, and members of one object, that are shown. */
const MOST_ENTRIES = 50;
/** So deep objects are shown as lists of names and values; below that, as JSON. */
const DEEPEST = 3;
/** What is no word in names of members. */
const ABBREVIATIONS = /\b(?:mcp|uris?|urls?|sso|scim|oidc|saml|jwks|api)\b/g;

/**
 * @typedef {Record<string, unknown>} Json
 * @typedef {{ name?: string, theme?: unknown }} Context What the host says of the call and of itself.
 * @typedef {object} Host
 * @property {(method: string, params: Json) => Promise<Json>} ask Sends a request; rejects with the host's error.
 * @property {(method: string, params?: Json) => void} tell Sends a notification.
 * @property {Json} can The capabilities of the host.
 * @property {string | undefined} tool The name of the tool that was called, where the host says it.
 */

/**
 * Connects to the host, and hands over the arguments and the result of the call, when they have come.
 * @param {string} name
 * @param {(host: Host, args: Json, result: Json) => void} show
 */
export async function connectHost(name, show) {
  /** @type {Map<number, { resolve: (result: Json) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  /** @type {Host} */
  const host = { ask, tell, can: {}, tool: undefined };
  /** @type {Json} */
  let args = {};
  let ids = 0;

  /** @param {Json} message */
  function post(message) {
    // Which origin the host has is not known to a view. What frames it is the host, and nobody else gets the message.
    window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  }

  /**
   * @param {string} method
   * @param {Json} params
   * @returns {Promise<Json>}
   */
  function ask(method, params) {
    ids += 1;
    const id = ids;
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    post({ id, method, params });
    return answered;
  }

  /**
   * @param {string} method
   * @param {Json} params
   */
  function tell(method, params = {}) {
    post({ method, params });
  }

  /** @param {Json} context */
  function heed({ theme, toolInfo }) {
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
    const tool = isObject(toolInfo) && isObject(toolInfo['tool']) ? toolInfo['tool']['name'] : undefined;
    if (typeof tool === 'string') host.tool = tool;
  }

  /** @type {Record<string, (params: Json) => void>} */
  const heard = {
    'ui/notifications/tool-input': (params) => {
      args = isObject(params['arguments']) ? params['arguments'] : {};
    },
    'ui/notifications/tool-result': (params) => show(host, args, params),
    'ui/notifications/tool-cancelled': () => tell('ui/notifications/request-teardown'),
    'ui/notifications/host-context-changed': heed,
  };

  /** @param {Json} message */
  function answer({ id, method }) {
    const isKnown = method === 'ping' || method === 'ui/resource-teardown';
    if (isKnown) post({ id, result: {} });
    else post({ id, error: { code: -32601, message: 'Method not found' } });
  }

  /** @param {Json} message */
  function settle({ id, result, error }) {
    const request = typeof id === 'number' ? waiting.get(id) : undefined;
    if (request === undefined) return;
    waiting.delete(Number(id));
    if (isObject(error)) request.reject(new Error(String(error['message'])));
    else request.resolve(isObject(result) ? result : {});
  }

  window.addEventListener('message', ({ source, data }) => {
    // Other frames can send messages too.
    if (source !== window.parent || !isObject(data) || data['jsonrpc'] !== '2.0') return;
    const { method, params } = data;
    if (typeof method !== 'string') settle(data);
    else if (data['id'] !== undefined) answer(data);
    else if (Object.hasOwn(heard, method)) heard[method]?.(isObject(params) ? params : {});
  });

  document.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const appInfo = { name, version: '1' };
  const { hostCapabilities, hostContext } = await ask('ui/initialize', {
    appInfo,
    appCapabilities: {},
    protocolVersion: REVISION,
  });
  if (isObject(hostCapabilities)) host.can = hostCapabilities;
  if (isObject(hostContext)) heed(hostContext);
  tell('ui/notifications/initialized');
  new ResizeObserver(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    tell('ui/notifications/size-changed', { width: Math.ceil(width), height: Math.ceil(height) });
  }).observe(document.documentElement);
}

/**
 * @param {unknown} value
 * @returns {value is Json}
 */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The error in a result of this server, whose text is the word Error and then JSON.
 * @param {Json} result
 * @returns {Json}
 */
export function errorIn({ content }) {
  const [first] = Array.isArray(content) ? content : [];
  const text = isObject(first) ? String(first['text']) : '';
  try {
    const { error } = JSON.parse(text.slice(text.indexOf('{')));
    return isObject(error) ? error : {};
  } catch {
    return { message: 'The call failed. The conversation says how.' };
  }
}

/**
 * An element. Texts become text nodes, never markup.
 * @param {string} tag
 * @param {(Node | string)[]} contents
 * @param {string} [className]
 * @returns {HTMLElement}
 */
export function element(tag, contents, className) {
  const made = document.createElement(tag);
  made.append(...contents);
  if (className !== undefined) made.className = className;
  return made;
}

/**
 * The name of a member in words.
 * @param {string} name
 */
export function inWords(name) {
  const words = name.replaceAll('_', ' ').replace(ABBREVIATIONS, (word) => word.toUpperCase().replace(/S$/, 's'));
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A value of the platform: what it holds, to some depth, as lists.
 * @param {unknown} value
 * @param {number} [depth]
 * @returns {Node}
 */
export function shown(value, depth = 1) {
  if (isNone(value)) return element('span', ['none'], 'soft');
  if (typeof value !== 'object') return document.createTextNode(String(value));
  if (depth > DEEPEST) return document.createTextNode(JSON.stringify(value));
  if (!Array.isArray(value)) return listOf('dl', Object.entries(Object(value)), (member) => termOf(member, depth));
  return listOf('ul', value, (entry) => [element('li', [isObject(entry) ? lineOf(entry) : shown(entry, depth + 1)])]);
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function isNone(value) {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/**
 * @template Entry
 * @param {string} tag
 * @param {Entry[]} entries
 * @param {(entry: Entry) => Node[]} toNodes
 */
function listOf(tag, entries, toNodes) {
  const list = element(tag, entries.slice(0, MOST_ENTRIES).flatMap(toNodes));
  const rest = entries.length - MOST_ENTRIES;
  return rest > 0 ? element('div', [list, element('p', [`and ${rest} more`], 'soft')]) : list;
}

/**
 * @param {[string, unknown]} member
 * @param {number} depth
 */
function termOf([name, value], depth) {
  return [element('dt', [inWords(name)]), element('dd', [shown(value, depth + 1)])];
}

/**
 * One of many things of a kind, in a line.
 * @param {Json} entry
 */
function lineOf(entry) {
  const values = Object.values(entry).filter((value) => !isNone(value));
  return document.createTextNode(
    values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)).join(' · '),
  );
}
