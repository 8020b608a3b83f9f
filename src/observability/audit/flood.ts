import { Minute } from '../minute.ts';
import { plainText } from '../plain-text.ts';
import type { RequestFacts } from '../request-facts.ts';
import { ANONYMOUS_ONE_BY_ONE, type Counted, Tally } from '../tally.ts';
import type { Facts } from './chain.ts';

/**
 * How many refusals of one kind are written one by one for each caller in each minute. Enough to see who tries what. More
 * would let them fill the ledger, until the records of others are rotated out.
 */
const ONE_BY_ONE = 10;
/** How many callers are counted apart for each kind of refusal. What all further ones cause is one count. */
const MAX_CALLERS = 500;

/** The kinds of refusals. Any client can cause them without end, because a refusal costs it nothing. */
const REFUSALS: ReadonlySet<string> = new Set(['mcp_auth_failure', 'mcp_limit', 'mcp_step_up']);

/** Writes the record for refusals that were not written one by one. */
export type WriteSum = (event: 'mcp_auth_failures_summed' | 'mcp_refusals_summed', facts: Facts) => void;

/** Counts refusals by caller and minute, and says which of them are written one by one. */
export class Refusals {
  readonly #minute: Minute;
  #anonymous = new Tally(ANONYMOUS_ONE_BY_ONE);
  /** By the kind of refusal, then by caller. */
  #callers = new Map<string, Map<string, Tally>>();
  /** The callers beyond the first 500 of a kind, by the kind. */
  #others = new Map<string, Tally>();

  /** @param now milliseconds since the epoch */
  constructor(now: () => number, writeSum: WriteSum) {
    this.#minute = new Minute(now, (since) => this.#writeSums(since, writeSum));
  }

  /** @returns whether this record is to be written; otherwise it is only counted */
  admits(event: string, { caller, outcome }: RequestFacts): boolean {
    if (!REFUSALS.has(event)) return true;
    this.#minute.begin();
    const tally = caller === undefined ? this.#anonymous : this.#tallyOf(event, plainText(caller));
    return tally.count(outcome ?? 'unknown');
  }

  /** Ends the minute if it is over. Called before every record, so that sums precede later records. */
  endIfOver(): void {
    this.#minute.endIfOver();
  }

  /** Ends the minute, and writes a sum for each caller some of whose refusals were left out. */
  end(): void {
    this.#minute.end();
  }

  #writeSums(since: string, writeSum: WriteSum): void {
    const { anonymous, callers, others } = { anonymous: this.#anonymous, callers: this.#callers, others: this.#others };
    // First, because writing a sum asks for the next minute.
    this.#anonymous = new Tally(ANONYMOUS_ONE_BY_ONE);
    this.#callers = new Map();
    this.#others = new Map();
    const write = (left: Counted | undefined, event: Parameters<WriteSum>[0], facts: Facts = {}) => {
      if (left !== undefined) writeSum(event, { ...facts, ...left, since });
    };
    write(anonymous.leftOut(), 'mcp_auth_failures_summed');
    for (const [refused, tallies] of callers) {
      for (const [user, tally] of tallies) write(tally.leftOut(), 'mcp_refusals_summed', { refused, user_id: user });
    }
    for (const [refused, tally] of others) write(tally.leftOut(), 'mcp_refusals_summed', { refused, others: true });
  }

  #tallyOf(event: string, caller: string): Tally {
    const tallies = entry(this.#callers, event, () => new Map<string, Tally>());
    const known = tallies.get(caller);
    if (known !== undefined) return known;
    const isRoom = tallies.size < MAX_CALLERS;
    return entry(isRoom ? tallies : this.#others, isRoom ? caller : event, () => new Tally(ONE_BY_ONE));
  }
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
