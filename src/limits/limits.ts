import type { LimitsConfig } from '../config/limits.ts';
import { BodyBudget } from './bodies.ts';
import { ConcurrencyLimit } from './concurrency.ts';
import { memoryCounter, type NewCounter } from './counter.ts';
import { type AuthenticationFailures, failuresByAddress, unlimitedFailures } from './failures.ts';
import type { FairShare } from './fair-share.ts';
import { Patience } from './patience.ts';
import { type Rates, ratesByPerson, unlimitedRates } from './rates.ts';
import type { TieredTool } from './tiers.ts';

/** All limits on what callers may use. */
export interface Limits {
  readonly rates: Rates;
  readonly failures: AuthenticationFailures;
  readonly concurrency: ConcurrencyLimit;
  readonly bodies: BodyBudget;
  /** Shares this process among persons. */
  readonly fairShare: Pick<FairShare, 'turn'>;
  /** With persons who go on although they are refused. */
  readonly patience: Pick<Patience, 'hold'>;
  /** With notifications of a person, which cost no points. */
  readonly notifications: Pick<Patience, 'hold'>;
  /** With strangers who go on although they are refused. */
  readonly refusedStrangers: Pick<Patience, 'hold'>;
  /** With what is answered without a token: documents, pages, preflights, and refusals of what is no call. */
  readonly strangers: Pick<Patience, 'hold'>;
}

/** Used when rates are not limited: everything is answered at once. */
export const unhurried: Limits['patience'] = { hold: () => undefined };

/** Where rates are counted, and who shares this process. */
interface Counting {
  readonly newCounter: NewCounter;
  /** Whether it counts in another process, whose answers may come many at once. */
  readonly isRemote?: boolean;
  readonly fairShare: FairShare;
}

/**
 * Creates the limits of a configuration.
 * @param tools the tools of this server
 */
export function createLimits(
  config: LimitsConfig,
  { newCounter, isRemote = false, fairShare }: Counting,
  tools: readonly TieredTool[],
): Limits {
  const concurrency = new ConcurrencyLimit(config.calls, config.callsPerCaller);
  const bodies = new BodyBudget(config.bytesInFlight, config.bytesInFlightPerCaller);
  const turn = (person: string) => fairShare.turn(person);
  const strangersTurn = (network: string) => fairShare.strangersTurn(network);
  if (config.rates === undefined) {
    const patience = {
      patience: unhurried,
      notifications: unhurried,
      refusedStrangers: unhurried,
      strangers: unhurried,
    };
    return { rates: unlimitedRates, failures: unlimitedFailures, concurrency, bodies, fairShare, ...patience };
  }
  const rates = ratesByPerson(config.rates, newCounter, tools);
  return {
    rates: isRemote ? inTurn(rates, turn) : rates,
    // Anybody can fail from as many addresses as they like. In Redis each would leave a key, beside confirmations.
    failures: failuresByAddress(memoryCounter(config.rates.failures)),
    concurrency,
    bodies,
    fairShare,
    patience: new Patience({ turn }),
    notifications: Patience.withWhatIsFree({ turn }),
    refusedStrangers: new Patience({ turn: strangersTurn }),
    strangers: Patience.withWhatIsFree({ turn: strangersTurn }),
  };
}

/** Goes on behind each answer in the turn of the person who is charged. */
function inTurn(rates: Rates, turn: FairShare['turn']): Rates {
  return {
    over: rates.over,
    charge: async (caller, charge) => {
      const standing = await rates.charge(caller, charge);
      await turn(caller.person);
      return standing;
    },
  };
}
