/** What a person does on the sandbox's pages. */
export interface Choices {
  /** Whether a requested scope is ticked on the consent page, whatever is ticked at first. All are when unset. */
  readonly keep?: (scope: string) => boolean;
  /** Presses Deny instead of Allow. */
  readonly deny?: boolean;
}

interface Form {
  readonly action: string;
  readonly checkboxes: readonly { name: string; value: string }[];
  readonly buttons: readonly { name: string; value: string }[];
}

const MAX_STEPS = 20;

/**
 * Acts like a browser and the person who uses it: follows an authorization URL through the sandbox's login and consent
 * pages, with cookies, until it redirects back to the client.
 * @returns the client's redirect URI with the authorization response in its query
 */
export async function authorizeLikeAPerson(
  authorizationUrl: URL,
  { keep = () => true, deny = false }: Choices = {},
): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = authorizationUrl;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form !== undefined && { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) storeCookie(cookies, cookie);
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (url.origin !== authorizationUrl.origin) return url;
      continue;
    }
    const page = await response.text();
    const asked = readForm(page);
    if (asked === undefined)
      throw new Error(`Signing in ended at ${url.pathname} with status ${response.status}: ${page.slice(0, 300)}`);
    form = fillIn(asked, keep, deny);
    url = new URL(asked.action, url);
  }
  throw new Error('Signing in led in circles.');
}

function storeCookie(cookies: Map<string, string>, header: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
  if (value === '') cookies.delete(name);
  else cookies.set(name, value);
}

function readForm(page: string): Form | undefined {
  const [, action, inside = ''] = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page) ?? [];
  if (action === undefined) return undefined;
  const named = (tag: RegExp) =>
    [...inside.matchAll(tag)].map(([element]) => ({
      name: attribute(element, 'name'),
      value: attribute(element, 'value'),
    }));
  return {
    action: decodeEntities(action),
    checkboxes: named(/<input[^>]*type="checkbox"[^>]*>/g),
    buttons: named(/<button[^>]*>/g),
  };
}

function fillIn({ checkboxes, buttons }: Form, keep: (scope: string) => boolean, deny: boolean): URLSearchParams {
  const form = new URLSearchParams();
  for (const { name, value } of checkboxes) if (keep(value)) form.append(name, value);
  const button = buttons.find(({ value }) => value === (deny ? 'deny' : 'allow')) ?? buttons[0];
  if (button !== undefined) form.append(button.name, button.value);
  return form;
}

function attribute(element: string, name: string): string {
  return decodeEntities(new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1] ?? '');
}

function decodeEntities(text: string): string {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&quot;': '"',
    '&lt;': '<',
    '&gt;': '>',
    '&#39;': "'",
    '&#x27;': "'",
  };
  return text.replace(/&(amp|quot|lt|gt|#39|#x27);/g, (entity) => entities[entity] ?? entity);
}
