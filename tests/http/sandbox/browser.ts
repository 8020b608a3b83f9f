import { createHash, randomBytes } from 'node:crypto';
import { PERSON_IDS } from '../../../src/sandbox/data/ids.ts';

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly value: string;
}

/** A page with its forms, or the address outside the sandbox to which the browser was sent. */
export interface Visit {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Follows redirects and keeps cookies as a browser does, and stops where the sandbox sends it to the client. */
export class Browser {
  #cookies: Cookie[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async open(address: string | URL, init: RequestInit = {}): Promise<Visit> {
    const url = new URL(address);
    if (url.origin !== this.#origin) return { url, status: 0, headers: new Headers(), text: '' };
    const cookie = this.#cookies
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) return this.open(new URL(location, url));
    return { url, status: response.status, headers: response.headers, text };
  }

  /** Sends the one form of a page. */
  submit(page: Visit, fields: readonly (readonly [string, string])[]): Promise<Visit> {
    const action = /<form method="post" action="([^"]+)">/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`No form at ${page.url}: ${page.status} ${page.text.slice(0, 500)}`);
    const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
    return this.open(new URL(action, page.url), { method: 'POST', body });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    const path = /; path=([^;]+)/i.exec(line)?.[1] ?? '/';
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (value !== '') this.#cookies.push({ name, path, value });
  }
}

/** The scopes that a consent page offers. */
export function checkboxes(page: Visit): string[] {
  return boxes(page).map(([, scope = '']) => scope);
}

/** Those of them that are ticked at first. */
export function tickedBoxes(page: Visit): string[] {
  return boxes(page)
    .filter(([box]) => box.includes(' checked'))
    .map(([, scope = '']) => scope);
}

function boxes({ text }: Visit) {
  return [...text.matchAll(/<input type="checkbox" name="scope" value="([^"]+)"[^>]*>/g)];
}

export interface Tokens {
  readonly status: number;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly error?: string;
}

/** A public OAuth client that has registered itself, with the browser of the person who uses it. */
export class Client {
  readonly id: string;
  readonly #issuer: string;
  readonly #browser: Browser;
  readonly redirectUri = 'http://127.0.0.1:51234/callback';
  #verifier = '';

  private constructor(id: string, issuer: string, browser: Browser) {
    this.id = id;
    this.#issuer = issuer;
    this.#browser = browser;
  }

  static async register(sandbox: { url: string; serverId: string }, metadata: object = {}): Promise<Client> {
    const { client_id: id } = await register(sandbox, { redirect_uris: ['http://127.0.0.1/callback'], ...metadata });
    return Client.of(sandbox, String(id));
  }

  /** One that the authorization server knows in another way. */
  static of(sandbox: { url: string; serverId: string }, id: string): Client {
    return new Client(id, `${sandbox.url}/resources/${sandbox.serverId}`, new Browser(sandbox.url));
  }

  /** Opens the authorization endpoint; the first page, or the client's own address when nobody is asked. */
  begin(parameters: Readonly<Record<string, string>> = {}): Promise<Visit> {
    this.#verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.id,
      redirect_uri: this.redirectUri,
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'the-state',
      ...parameters,
    });
    return this.#browser.open(`${this.#issuer}/oauth/authorize?${query}`);
  }

  signIn(page: Visit, person: string = PERSON_IDS.admin): Promise<Visit> {
    return this.#browser.submit(page, [['account', person]]);
  }

  /** Ticks all that is offered but for the scopes named, and allows it. */
  allow(page: Visit, { untick = [] as readonly string[] } = {}): Promise<Visit> {
    const ticked = checkboxes(page).filter((scope) => !untick.includes(scope));
    return this.#browser.submit(page, [...ticked.map((scope) => ['scope', scope] as const), ['decision', 'allow']]);
  }

  deny(page: Visit): Promise<Visit> {
    return this.#browser.submit(page, [
      ...checkboxes(page).map((scope) => ['scope', scope] as const),
      ['decision', 'deny'],
    ]);
  }

  open(address: string): Promise<Visit> {
    return this.#browser.open(address);
  }

  exchange(landed: Visit, parameters: Readonly<Record<string, string>> = {}): Promise<Tokens> {
    return this.token({
      grant_type: 'authorization_code',
      code: landed.url.searchParams.get('code') ?? '',
      redirect_uri: this.redirectUri,
      code_verifier: this.#verifier,
      ...parameters,
    });
  }

  refresh(refreshToken: string | undefined, parameters: Readonly<Record<string, string>> = {}): Promise<Tokens> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', ...parameters });
  }

  async token(parameters: Readonly<Record<string, string>>): Promise<Tokens> {
    const body = new URLSearchParams({ client_id: this.id, ...parameters });
    const response = await fetch(`${this.#issuer}/oauth/token`, { method: 'POST', body });
    return { status: response.status, ...((await response.json()) as Omit<Tokens, 'status'>) };
  }

  /** All of it: sign in where asked, allow, exchange. */
  async authorize(
    parameters: Readonly<Record<string, string>> = {},
    { untick = [] as readonly string[], person = PERSON_IDS.admin as string } = {},
  ): Promise<Tokens> {
    const first = await this.begin(parameters);
    const consent = first.text.includes('name="account"') ? await this.signIn(first, person) : first;
    return this.exchange(await this.allow(consent, { untick }));
  }
}

/** Registers a client and yields the answer's body. */
export async function register(
  { url, serverId }: { url: string; serverId: string },
  metadata: object,
): Promise<Record<string, unknown> & { status: number }> {
  const response = await fetch(`${url}/api/v1/resources/${serverId}/clients:register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Test client', ...metadata }),
  });
  return { ...((await response.json()) as Record<string, unknown>), status: response.status };
}
