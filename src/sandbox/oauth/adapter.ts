import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch; clients never expire. */
  readonly expiresAt: number;
}

/** Entries of one model beyond which expired ones are looked for. */
const SWEEP_ABOVE = 500;

/** Where the authorization server keeps sessions, grants, codes and clients: in this process, for its lifetime. */
export function createMemoryAdapter(): AdapterFactory {
  const models = new Map<string, MemoryModel>();
  return (name) => {
    const model = models.get(name) ?? new MemoryModel();
    models.set(name, model);
    return model;
  };
}

class MemoryModel implements Adapter {
  readonly #entries = new Map<string, Entry>();

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (this.#entries.size > SWEEP_ABOVE) this.#sweep();
    this.#entries.set(id, {
      payload: structuredClone(payload),
      expiresAt: expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000,
    });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.expiresAt <= Date.now()) return undefined;
    return structuredClone(entry.payload);
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
    if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.#entries) if (payload.grantId === grantId) this.#entries.delete(id);
  }

  #sweep(): void {
    const now = Date.now();
    for (const [id, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(id);
  }
}
