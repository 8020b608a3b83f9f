import { PERSON_IDS } from '../../src/sandbox/data/ids.ts';
import { machineToken } from '../../tests/fixtures/running.ts';
import { Client } from '../../tests/http/sandbox/browser.ts';

/** Somebody who calls, with what the server has to know of them. */
export interface Caller {
  readonly name: string;
  readonly token: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** Everybody who takes part. */
export interface Callers {
  /** May do everything: a machine, and a person. */
  readonly writers: readonly Caller[];
  /** May only look. */
  readonly reader: Caller;
  /** Has an allowance of its own, which is soon used up. */
  readonly greedy: Caller;
  /** A token of this environment that is not for this server. */
  readonly foreign: string;
}

export const GREEDY_SCOPE = 'mcp:tools:whoami';
const READ = 'environment:read organization:read';

/** Gets tokens from the sandbox as a machine, and as two people. */
export async function signIn(sandbox: { readonly url: string; readonly serverId: string }): Promise<Callers> {
  const resource = 'http://localhost/mcp';
  const person = async (id: string, scope: string) => {
    const client = await Client.register(sandbox);
    return (await client.authorize({ resource, scope }, { person: id })).access_token;
  };
  const scope = `${READ} environment:write organization:write`;
  const [machine, admin, colleague, greedy, foreign] = await Promise.all([
    machineToken(sandbox.url),
    person(PERSON_IDS.admin, scope),
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
