import { z } from 'zod';
import { digestOf } from '../core/digest.ts';
import { parseJson } from '../core/json.ts';
import type { StateFolder } from './state-folder.ts';

const Saved = z.object({
  version: z.literal(1),
  /** The URL of the server's endpoint, whose tokens these are and to which alone they go. */
  server: z.string(),
  /** The authorization server, to which alone the refresh token goes. */
  issuer: z.string(),
  /** This machine's client there. The port is that of its redirect URI; null for a client that was not registered by us. */
  client: z.object({ id: z.string(), port: z.number().nullable() }),
  tokens: z
    .object({
      access: z.string(),
      refresh: z.string().nullable(),
      /** What was granted, separated by spaces. */
      scope: z.string(),
      /** In milliseconds since 1970; null where the server did not say. */
      expiresAt: z.number().nullable(),
    })
    .nullable(),
});

/** What is kept of a sign-in at one server. Without tokens it is this machine's registration alone. */
export type SavedSignIn = z.infer<typeof Saved>;

/** The sign-in at one hosted server, kept in a file of its own. */
export class TokenCache {
  readonly #folder: StateFolder;
  readonly #server: string;
  readonly #name: string;

  /** @param server the URL of its endpoint; a query selects tools, and the sign-in is the same for all of them */
  constructor(folder: StateFolder, server: URL) {
    this.#folder = folder;
    this.#server = `${server.origin}${server.pathname}`;
    this.#name = digestOf(this.#server);
  }

  /** The lock of whoever replaces the tokens. */
  get lock(): string {
    return this.#folder.at(`${this.#name}.lock`);
  }

  /** Makes sure that something can be kept. */
  prepare(): Promise<void> {
    return this.#folder.prepare();
  }

  /** @returns what is kept; undefined when there is nothing, or it is not of this form or not of this server */
  async read(): Promise<SavedSignIn | undefined> {
    const text = await this.#folder.read(`${this.#name}.json`);
    const read = Saved.safeParse(text === undefined ? undefined : parseJson(text));
    return read.success && read.data.server === this.#server ? read.data : undefined;
  }

  async write(saved: Omit<SavedSignIn, 'version' | 'server'>): Promise<void> {
    await this.#folder.write(`${this.#name}.json`, JSON.stringify({ version: 1, server: this.#server, ...saved }));
  }

  /** @returns whether there was anything */
  remove(): Promise<boolean> {
    return this.#folder.remove(`${this.#name}.json`);
  }
}
