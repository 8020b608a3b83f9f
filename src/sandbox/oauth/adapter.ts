import type { Adapter, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import type { State } from '../state/state.ts';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch; clients never expire. */
  readonly expiresAt: number;
}

/** Entries of one model beyond which expired ones are looked for. */
const SWEEP_ABOVE = 500;

/** What clients rely on tomorrow. Sessions of browsers, codes and unfinished sign-ins are not worth keeping. */
const LASTING: readonly string[] = ['Client', 'Grant', 'RefreshToken'];

/** Entries of one model that outlive the process, the latest. */
const KEPT = 1000;

const Kept = z.record(
  z.string(),
  z.array(z.tuple([z.string(), z.record(z.string(), z.unknown()), z.number().nullable()])),
);

/**
 * Milliseconds for which a refresh token stays good after its first use, as Scalekit's SDK for Python says ("about 30
 * seconds"): programs with several processes refresh twice at once, and answers get lost. That each use yields a new pair
 * is inferred.
 */
const REFRESH_GRACE = 30_000;

/**
 * Where the authorization server keeps sessions, grants, codes and clients: in this process, and some of it beyond.
 * @param clock milliseconds since the epoch, as the environment's clock has them
 */
export function createStorage(state: State, clock: () => number): (name: string) => Model {
  const before = Kept.safeParse(state.before('storage')).data ?? {};
  const model = (name: string) =>
    new Model(LASTING.includes(name) ? () => state.changed() : async () => {}, before[name] ?? [], {
      clock,
      grace: name === 'RefreshToken' ? REFRESH_GRACE : 0,
    });
  const models = new Map(LASTING.map((name) => [name, model(name)]));
  state.keep('storage', {
    kept: () => Object.fromEntries(LASTING.map((name) => [name, models.get(name)?.latest(KEPT)])),
  });
  return (name) => {
    const known = models.get(name) ?? model(name);
    models.set(name, known);
    return known;
  };
}

/**
 * The same for a server that lives as long as the process: nothing of it is written down.
 * @param clock milliseconds since the epoch, as the environment's clock has them
 */
export function createPassingStorage(clock: () => number): (name: string) => Model {
  const models = new Map<string, Model>();
  return (name) => {
    const known =
      models.get(name) ?? new Model(async () => {}, [], { clock, grace: name === 'RefreshToken' ? REFRESH_GRACE : 0 });
    models.set(name, known);
    return known;
  };
}

type KeptEntry = z.input<typeof Kept>[string][number];

/** What becomes of an entry that was used. */
interface Use {
  readonly clock: () => number;
  /** Milliseconds for which it is good again. */
  readonly grace: number;
}

/** All entries of one kind. */
export class Model implements Adapter {
  readonly #entries: Map<string, Entry>;
  /** Resolves when a change is kept as long as it has to be. */
  readonly #changed: () => Promise<void>;

  readonly #use: Use;

  constructor(changed: () => Promise<void>, before: readonly KeptEntry[], use: Use) {
    this.#changed = changed;
    this.#use = use;
    this.#entries = new Map(
      before.map(([id, payload, expiresAt]) => [id, { payload, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY }]),
    );
  }

  /** The entries that came last and have not expired. */
  latest(count: number): KeptEntry[] {
    this.#sweep();
    return [...this.#entries]
      .slice(-count)
      .map(([id, { payload, expiresAt }]) => [id, payload, Number.isFinite(expiresAt) ? expiresAt : null]);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (this.#entries.size > SWEEP_ABOVE) this.#sweep();
    this.#entries.set(id, {
      payload: structuredClone(payload),
      expiresAt: expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000,
    });
    await this.#changed();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.expiresAt <= Date.now()) return undefined;
    const payload = structuredClone(entry.payload);
    if (this.#isGoodAgain(payload)) delete payload.consumed;
    return payload;
  }

  /** The entry that came last of those that match and have not expired. */
  findLast(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    this.#sweep();
    const last = [...this.#entries.values()].findLast(({ payload }) => matches(payload));
    return structuredClone(last?.payload);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    for (const [id, { payload }] of this.#entries) if (payload.uid === uid) return this.find(id);
    return undefined;
  }

  /** Belongs to the device flow, which is not offered. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    // Later uses do not lengthen the time after the first.
    if (entry === undefined || entry.payload.consumed !== undefined) return;
    entry.payload.consumed = this.#use.clock();
    await this.#changed();
  }

  #isGoodAgain({ consumed }: AdapterPayload): boolean {
    const { clock, grace } = this.#use;
    return typeof consumed === 'number' && clock() - consumed < grace;
  }

  async destroy(id: string): Promise<void> {
    if (this.#entries.delete(id)) await this.#changed();
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.#entries) if (payload.grantId === grantId) this.#entries.delete(id);
    await this.#changed();
  }

  #sweep(): void {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(id);
  }
}
