import type { Addresses } from './addresses.ts';
import type { Log } from './events.ts';
import type { FaultBoard } from './faults/fault-board.ts';
import type { ObservedAnswer, ObservedRequest } from './gateway/observed-request.ts';
import type { SigningKeys } from './keys.ts';
import type { Target } from './oauth/target.ts';
import type { Settings } from './settings.ts';
import type { State } from './state/state.ts';

/** What the parts of one sandbox need to know of it. */
export interface Place {
  readonly addresses: Addresses;
  readonly keys: SigningKeys;
  /** What outlives the process. */
  readonly state: State;
  readonly faults: FaultBoard;
  readonly settings: Settings;
  /** The environment’s clock, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Whom tokens are for. */
  readonly target: Target;
  /** The client of the development environment. */
  readonly environmentClient: { readonly id: string; readonly secret: string } | undefined;
  readonly log: Log;
  readonly observe: ((request: ObservedRequest) => void) | undefined;
  readonly observeAnswer: ((request: ObservedRequest, answer: ObservedAnswer) => void) | undefined;
}
