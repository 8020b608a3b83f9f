import { randomBytes } from 'node:crypto';

/** What is done when somebody finishes the page behind a link. */
export type Step = { readonly environmentId: string } & (
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'portal'; readonly organizationId: string }
);

export interface Link {
  readonly step: Step;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  isUsed: boolean;
}

/** Links beyond which the oldest are forgotten. */
const MAX_LINKS = 1000;

/** The links that the environment has handed out. Whoever knows one may finish its step, once, while it is good. */
export class Links {
  readonly #base: string;
  readonly #links = new Map<string, Link>();

  /** @param url of the sandbox, whose pages are behind them */
  constructor(url: string) {
    this.#base = `${url}/magicLink/`;
  }

  /** Hands out a link that is good for `lifetime` milliseconds. */
  add(step: Step, lifetime: number): string {
    const token = randomBytes(24).toString('base64url');
    this.#links.set(token, { step, expiresAt: Date.now() + lifetime, isUsed: false });
    const [oldest] = this.#links.keys();
    if (this.#links.size > MAX_LINKS && oldest !== undefined) this.#links.delete(oldest);
    return this.#base + token;
  }

  /** Takes a link back: whoever opens it finds nothing. */
  revoke(link: string): void {
    if (link.startsWith(this.#base)) this.#links.delete(link.slice(this.#base.length));
  }

  /** The link with that token; `undefined` for one that was never handed out. */
  find(token: string): Link | undefined {
    return this.#links.get(token);
  }
}
