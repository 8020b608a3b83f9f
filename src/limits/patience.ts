import type { ServerResponse } from 'node:http';
import { boundedMap } from '../core/bounded-map.ts';
import { headSize } from '../http/head-size.ts';
import type { FairShare } from './fair-share.ts';

/** So many refusals in a window are answered at once. No client that heeds them gets as many. */
const FREE = 20;
/** So many of what costs no points. Clients send a notification when they connect, which some do for each call. */
const FREE_OF_COST = 200;
const WINDOW_MS = 10_000;
/** How long each further one is held back at least. */
export const HOLD_MS = 250;
/** Whatever has waited so long has a turn beside them, so that nobody is passed over for ever by those who come later. */
export const LONGEST_HOLD_MS = 10_000;
/** The connection ends of what has waited so long: more wait than there are turns. */
export const GIVEN_UP_MS = 15_000;
/** So much time is between two that have waited long enough: over all connections of somebody, some 30 in a second. */
export const SPACING_MS = 33;
/** One of so many that came last is let go. */
const AMONG = 16;
/** So many of somebody wait at the same time. Above this, the connection ends that has waited longest. */
export const MAX_HELD_EACH = 1_000;
/** So long the heads of their requests may be together, in characters. The same goes for more. */
export const MAX_HEADS_EACH = 2 * 1024 * 1024;
/**
 * So many wait in all. Further ones of somebody who has some waiting take the places of those; of anybody else they are answered
 * in their turn, so that nobody fills the memory with them.
 */
const MAX_HELD = 10_000;
/** So long the heads of all their requests may be together. */
export const MAX_HELD_HEADS = 16 * 1024 * 1024;
/** Whoever was refused longest ago is forgotten above this. */
const MAX_REMEMBERED = 10_000;

/** An answer that is held back. */
interface Held {
  readonly since: number;
  readonly size: number;
  readonly response: ServerResponse;
  release(): void;
}

/** What is known of somebody. */
interface Standing {
  count: number;
  until: number;
  /** What is held back, the oldest first. */
  readonly held: Held[];
  /** How long the heads of their requests are together. */
  heads: number;
  /** When the last of it was let go. */
  letGo: number;
  timer: NodeJS.Timeout | undefined;
}

/** How much is let through before somebody is slowed down, and what tells the time. */
interface PatienceOptions {
  readonly free?: number;
  /** The time in milliseconds. */
  readonly now?: () => number;
  /** A number from 0 to 1, below 1. */
  readonly random?: () => number;
  /** When somebody has their turn after all (`FairShare`). Left out: at once. */
  readonly turn?: FairShare['turn'];
}

/**
 * Slows down those who go on although they are refused, or who send what costs them nothing. They would get thousands of
 * answers in a second, whose sum takes the processor away from everybody else. What they get is the same however many
 * connections they have.
 *
 * One of the newest is let go first: behind the address of somebody who goes on there are others, who do not, and each of
 * whom is soon among the newest, however many wait. Which one is a matter of chance, because those who go on come again as
 * soon as they are let go: always the very newest would be one of them.
 */
export class Patience {
  readonly #known = boundedMap<string, Standing>(MAX_REMEMBERED);
  readonly #free: number;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #turn: FairShare['turn'];
  #held = 0;
  #heldHeads = 0;

  constructor({
    free = FREE,
    now = () => performance.now(),
    random = Math.random,
    turn = () => undefined,
  }: PatienceOptions = {}) {
    this.#free = free;
    this.#now = now;
    this.#random = random;
    this.#turn = turn;
  }

  /** The patience with what costs nobody any points: notifications, and what is answered without a token. */
  static withWhatIsFree(options: Omit<PatienceOptions, 'free'> = {}): Patience {
    return new Patience({ ...options, free: FREE_OF_COST });
  }

  /**
   * Counts a refusal, or whatever this is for.
   * @param who gets it: a person, or the network of an address that nobody vouches for
   * @returns resolves when it may be sent: in its turn, when it is due, or when its client is gone; undefined: at once
   */
  hold(who: string, response: ServerResponse): Promise<void> | undefined {
    const standing = this.#count(who);
    if (response.closed) return undefined;
    if (standing.count <= this.#free) return this.#turn(who);
    const size = headSize(response.req);
    while (!this.#hasRoom(standing, size)) {
      const [oldest] = standing.held;
      if (oldest === undefined) return this.#turn(who);
      endConnection(oldest);
    }
    return this.#wait(who, standing, { response, size });
  }

  #hasRoom({ held, heads }: Standing, size: number): boolean {
    return (
      held.length < MAX_HELD_EACH &&
      heads + size <= MAX_HEADS_EACH &&
      this.#held < MAX_HELD &&
      this.#heldHeads + size <= MAX_HELD_HEADS
    );
  }

  #wait(who: string, standing: Standing, { response, size }: Pick<Held, 'response' | 'size'>): Promise<void> {
    this.#held++;
    this.#heldHeads += size;
    standing.heads += size;
    return new Promise((resolve) => {
      const release = () => {
        const at = standing.held.indexOf(held);
        if (at === -1) return;
        standing.held.splice(at, 1);
        response.removeListener('close', release);
        this.#held--;
        this.#heldHeads -= size;
        standing.heads -= size;
        if (standing.held.length === 0) clearTimeout(standing.timer);
        resolve(response.destroyed ? undefined : this.#turn(who));
      };
      const held = { since: this.#now(), size, response, release };
      standing.held.push(held);
      response.once('close', release);
      if (standing.held.length === 1) this.#schedule(standing);
    });
  }

  #schedule(standing: Standing): void {
    const [oldest] = standing.held;
    if (oldest === undefined) return;
    const at = Math.max(oldest.since + HOLD_MS, standing.letGo + SPACING_MS);
    standing.timer = setTimeout(() => this.#letGo(standing), Math.max(at - this.#now(), 0));
  }

  /**
   * Lets one of the newest go that have waited long enough, and the oldest if that has waited too long: never more, because
   * making what they are answered is the work that others wait for.
   */
  #letGo(standing: Standing): void {
    const now = this.#now();
    standing.letGo = now;
    const isDue = ({ since }: Held, ms: number) => since + ms <= now;
    const due = standing.held.filter((one) => isDue(one, HOLD_MS)).slice(-AMONG);
    due[Math.floor(this.#random() * due.length)]?.release();
    const [oldest] = standing.held;
    if (oldest !== undefined && isDue(oldest, LONGEST_HOLD_MS)) oldest.release();
    for (const one of standing.held.filter((each) => isDue(each, GIVEN_UP_MS))) endConnection(one);
    this.#schedule(standing);
  }

  #count(who: string): Standing {
    const now = this.#now();
    const known = this.#known.get(who) ?? newStanding();
    if (known.until <= now) {
      // Those who still wait have not stopped going on.
      known.count = known.held.length > 0 ? this.#free : 0;
      known.until = now + WINDOW_MS;
    }
    known.count++;
    this.#known.set(who, known);
    return known;
  }
}

function newStanding(): Standing {
  return { count: 0, until: 0, held: [], heads: 0, letGo: 0, timer: undefined };
}

function endConnection({ response, release }: Held): void {
  response.destroy();
  release();
}
