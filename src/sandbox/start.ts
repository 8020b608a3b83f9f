import type { KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressesAt } from './addresses.ts';
import { ENVIRONMENT_DOMAINS } from './data/ids.ts';
import type { SandboxEvent } from './events.ts';
import type { Faults } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import type { ObservedAnswer, ObservedRequest } from './gateway/observed-request.ts';
import { SigningKeys } from './keys.ts';
import { Target } from './oauth/target.ts';
import { type Settings, usualSettings } from './settings.ts';
import { State } from './state/state.ts';

export interface SandboxOptions {
  /** 0 picks a free port. Only 127.0.0.1 is bound. */
  readonly port: number;
  /** The URL that the MCP server publishes as its own: whom tokens are for when a client names no resource. */
  readonly resource: string;
  /** Other host names of that server, without a port. Unset: the names of this machine, if `resource` has one of them. */
  readonly resourceHosts?: readonly string[];
  /** Where keys, registrations, grants and refresh tokens are kept. Unset: a file for the port, in the temporary folder. */
  readonly stateFile?: string;
  /** The private RSA key to sign with when none is kept, for callers that start many sandboxes. Unset: a new one. */
  readonly signingKey?: KeyObject;
  /** Client of the development environment, for servers that reach the API with the environment's own credentials. */
  readonly environmentClient?: { readonly id: string; readonly secret: string };
  /** Whose URL is the `iss` of tokens for registered MCP servers. Unset: the environment's. */
  readonly tokenIssuer?: Settings['tokenIssuer'];
  /** Takes structured events; they are dropped when unset. */
  readonly log?: (event: SandboxEvent) => void;
  /** Called for every request of the management API before it is answered. */
  readonly observe?: (request: ObservedRequest) => void;
  /** Called for every answer of an operation, before it is sent. */
  readonly observeAnswer?: (request: ObservedRequest, answer: ObservedAnswer) => void;
}

export interface Sandbox {
  /** `http://localhost:PORT`, the URL of the environment and the base of its API. */
  readonly url: string;
  /** Id of the MCP server; its authorization server is `{url}/resources/{serverId}`. */
  readonly serverId: string;
  /** Domain of the environment that is played at `url`, as the API tells it. No name server knows it. */
  readonly domain: string;
  readonly faults: Faults;
  /** Heeded from the next request on. */
  readonly settings: Settings;
  readonly keys: {
    /** Signs with a new key from now on; the old one stays published. */
    rotate(): Promise<void>;
    /** Stops publishing every key but the current one. */
    withdrawOld(): void;
  };
  /** Closes every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a Scalekit environment that lives in this process: authorization server, management API, seed data.
 * @throws Error with `code: 'EADDRINUSE'` when the port is taken
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  // Both take long: the prime search runs beside the main thread, which loads the authorization server meanwhile.
  const [[state, keys], { createApp }] = await Promise.all([takeUp(options), import('./serve.ts')]);
  const server = createServer();
  const addresses = addressesAt(await listen(server, options.port));
  const { environmentClient, log = () => {}, observe, observeAnswer } = options;
  const target = new Target(options.resource, options.resourceHosts);
  const faults = new FaultBoard();
  const { now } = faults;
  const settings = { ...usualSettings(), ...(options.tokenIssuer && { tokenIssuer: options.tokenIssuer }) };
  const app = createApp({
    addresses,
    keys,
    state,
    faults,
    settings,
    now,
    target,
    environmentClient,
    log,
    observe,
    observeAnswer,
  });
  server.on('request', app);
  // Not before: of two sandboxes on one port, the one that has it decides what is kept.
  await state.changed();
  return {
    url: addresses.url,
    serverId: addresses.serverId,
    domain: ENVIRONMENT_DOMAINS.development,
    faults,
    settings,
    keys: { rotate: () => keys.rotate(), withdrawOld: () => keys.withdrawOld() },
    close: async () => {
      await close(server);
      await state.changed();
    },
  };
}

async function takeUp({ port, stateFile, signingKey, log }: SandboxOptions): Promise<[State, SigningKeys]> {
  const state = await State.open(port, stateFile, log);
  return [state, await SigningKeys.create(state, signingKey)];
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen({ host: '127.0.0.1', port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  const message = `The sandbox cannot listen on port ${port}: it is taken. SANDBOX_PORT moves it.`;
  return Object.assign(new Error(message, { cause: error }), { code: error.code });
}

/** Hanging faults and idle clients would keep the server open for ever, so their connections are cut. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
