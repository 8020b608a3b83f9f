import { PERSON_IDS } from '../../src/sandbox/data/ids.ts';
import { machineToken } from '../../tests/fixtures/machine-token.ts';
import { Client } from '../../tests/http/sandbox/browser.ts';

/** A caller of the server, with the facts that the server must find in its token. */
export interface Caller {
  readonly name: string;
  readonly token: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** All callers of the load test. */
export interface Callers {
  /** Have all scopes: a machine, and a person. */
  readonly writers: readonly Caller[];
  /** Has only read scopes. */
  readonly reader: Caller;
  /** Has a separate, small allowance, which is soon used up. */
  readonly greedy: Caller;
  /** A token of this environment for another audience. */
  readonly foreign: string;
}

const RESOURCE = 'http://localhost/mcp';
export const GREEDY_SCOPE = 'mcp:tools:whoami';
const READ = 'environment:read organization:read';
const WRITE = `${READ} environment:write organization:write`;

/** Gets tokens from the sandbox as a machine, and as two people. */
export async function signIn(sandbox: SandboxAddress): Promise<Callers> {
  const person = personOf(sandbox);
  const [machine, admin, colleague, greedy, foreign] = await Promise.all([
    machineToken(sandbox.url),
    person(PERSON_IDS.admin, WRITE),
    person(PERSON_IDS.colleague, READ),
    machineToken(sandbox.url, GREEDY_SCOPE),
    environmentToken(sandbox.url),
  ]);
  return {
    writers: [callerOf('machine', machine), callerOf('admin', admin)],
    reader: callerOf('colleague', colleague),
    greedy: callerOf('greedy', greedy),
    foreign,
  };
}

/** The callers of an attack: one with all scopes, and three others, two of which are one person. */
export interface Opponents {
  readonly honest: Caller;
  readonly attackers: readonly Caller[];
}

/** Gets tokens from the sandbox: for a person, and for the attackers as another person with two clients and a machine. */
export async function signInOpponents(sandbox: SandboxAddress): Promise<Opponents> {
  const person = personOf(sandbox);
  const [honest, ...attackers] = await Promise.all([
    person(PERSON_IDS.admin, WRITE),
    person(PERSON_IDS.colleague, READ),
    person(PERSON_IDS.colleague, READ),
    machineToken(sandbox.url, GREEDY_SCOPE),
  ]);
  return {
    honest: callerOf('honest', honest),
    attackers: attackers.map((token, i) => callerOf(`attacker ${i + 1}`, token)),
  };
}

interface SandboxAddress {
  readonly url: string;
  readonly serverId: string;
}

/** Signs people in, each with a client of its own. */
function personOf(sandbox: SandboxAddress) {
  return async (id: string, scope: string): Promise<string> => {
    const client = await Client.register(sandbox);
    return (await client.authorize({ resource: RESOURCE, scope }, { person: id })).access_token;
  };
}

async function environmentToken(url: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'bench-environment',
    client_secret: 'bench-secret',
  });
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

function callerOf(name: string, token: string): Caller {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return { name, token, subject: claims.sub, clientId: claims.client_id, scopes: claims.scope.split(' ') };
}
