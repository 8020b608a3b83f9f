import type { Addresses } from '../addresses.ts';
import type { Person } from '../data/people.ts';
import type { Log } from '../events.ts';
import type { SigningKeys } from '../keys.ts';

/** What the parts of the authorization server need to know of the sandbox that they belong to. */
export interface OAuthPlace {
  readonly addresses: Addresses;
  readonly keys: SigningKeys;
  /** The environment’s clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Whom tokens are for when the client names nobody. */
  readonly resource: string;
  /** Who can sign in. */
  readonly people: readonly Person[];
  readonly environmentClient: { readonly id: string; readonly secret: string } | undefined;
  readonly log: Log;
}
