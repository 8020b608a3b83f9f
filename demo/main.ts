import { styleText } from 'node:util';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { readEnvironment } from '../src/config/environment.ts';
import { Problems } from '../src/config/problems.ts';
import { Account } from './account.ts';
import { givenUrl } from './address.ts';
import { Onboarding } from './onboarding.ts';

/**
 * Brings a new customer on board through a server that is running on its sandbox, and shows on the way everything that a
 * client does: discovery, registration, login and consent, reading, a challenge for more scopes, a second authorization,
 * writing. What it has made stays, so that it can be looked at.
 */
const serverUrl = process.argv[2] === undefined ? configuredUrl() : (givenUrl(process.argv[2]) ?? usage());
const account = new Account();

await step('Ask without a token', async () => {
  const response = await fetch(serverUrl, { method: 'POST', body: '{}' }).catch((error: Error) => {
    throw new Error(
      `Nothing answers at ${serverUrl}. Start the server in another terminal, with npm start, and wait until it says ready.`,
      { cause: error },
    );
  });
  expect(response.status === 401, `a 401, not ${response.status}`);
  const challenge = String(response.headers.get('www-authenticate'));
  show(`401, and a challenge: ${challenge}`);
});

await step('Discover who protects it', async () => {
  const path = serverUrl.pathname === '/' ? '' : serverUrl.pathname;
  const metadata = await json(`${serverUrl.origin}/.well-known/oauth-protected-resource${path}`);
  const [issuer] = metadata['authorization_servers'] as string[];
  const { origin, pathname } = new URL(String(issuer));
  const server = await json(`${origin}/.well-known/oauth-authorization-server${pathname}`);
  show(`resource ${metadata['resource']}`);
  show(`authorization server ${issuer}`);
  show(`registration at ${server['registration_endpoint']}`);
});

const client = await step('Register, sign in, and allow reading only', async () => {
  account.choices = { keep: (scope) => scope.endsWith(':read') };
  const connected = await connectAfterSigningIn();
  show(`registered as ${account.registration?.client_id}`);
  show(`asked for ${account.askedFor.join(' ')}`);
  show(`granted   ${account.tokens()?.scope}`);
  show(`connected, protocol ${connected.getNegotiatedProtocolVersion()}`);
  return connected;
});

const names = await step('List the tools', async () => {
  const { tools } = await client.listTools();
  const listed = tools.map(({ name }) => name);
  show(
    `${listed.length}, such as ${listed
      .filter((tool) => tool.includes('organization'))
      .slice(0, 4)
      .join(', ')}`,
  );
  return listed;
});

const place = await step('Read environments and organizations', async () => {
  const environment = names.includes('list_environments') ? await developmentEnvironment() : {};
  const { organizations, total_size } = await call('list_organizations', environment);
  for (const { id, display_name } of (organizations as Entity[]).slice(0, 3)) show(`${id}  ${display_name}`);
  show(`and more, ${total_size} in all`);
  return environment;
});

const started = new Date();
const name = `Tamarind Books ${started.toISOString().slice(0, 16).replace('T', ' ')}`;

await step('Begin with a new customer, and be sent for more rights', async () => {
  account.choices = {};
  const refused = await client
    .callTool({ name: 'create_organization', arguments: { ...place, name } })
    .catch((error) => error);
  expect(refused instanceof UnauthorizedError, 'a challenge that sends the client to the authorization server');
  show('403 insufficient_scope: the client went back to the authorization server');
  show(`asked for ${account.askedFor.join(' ')}`);
});

const customer = await step('Come back with them, and create the customer', async () => {
  await transport().finishAuth(account.takeCallback());
  show(`granted ${account.tokens()?.scope}`);
  const { organization } = await call('create_organization', { ...place, name });
  const { id } = organization as Entity;
  show(`created ${id}: ${name}`);
  // Of their own each time, because a domain belongs to one customer.
  return { organizationId: id, name, domain: `tamarind-${started.getTime().toString(36)}.example` };
});

const onboarding = new Onboarding((tool, args) => call(tool, { ...place, ...args }), customer);
const stages: readonly (readonly [title: string, stage: () => Promise<string[]>])[] = [
  ['Give them what they have bought', () => onboarding.allowFeatures()],
  ['Say which addresses are theirs', () => onboarding.addDomain()],
  ['Make a door for their administrator', () => onboarding.makePortalLink()],
  ['Bring their first person in', () => onboarding.inviteAdministrator()],
  ['Make her an administrator', () => onboarding.giveRole()],
  ['Look at what is there now', () => onboarding.lookAtIt()],
];
for (const [title, stage] of stages) {
  await step(title, async () => {
    for (const line of await stage()) show(line);
  });
}

await client.close();
console.log(paint('green', `\n${name} is on board. All of it worked, and all of it is still there.`));

interface Entity {
  readonly id: string;
  readonly display_name: string;
  readonly type?: string;
}

/** Where the server is that is configured here. Its problems are ignored, because it has reported them at its start. */
function configuredUrl(): URL {
  // Problems with the environment are ignored here, because the server has reported them at its start.
  const { variables: env } = readEnvironment(new Problems(), 'server');
  return new URL('/mcp', env['PUBLIC_URL'] || `http://localhost:${env['PORT'] || 3002}`);
}

function usage(): never {
  console.log('Usage: npm run demo -- http://localhost:3002/mcp');
  process.exit(1);
}

function transport(): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(serverUrl, { authProvider: account });
}

async function connectAfterSigningIn(): Promise<Client> {
  const create = () => new Client({ name: 'demo', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  const first = transport();
  const refused = await create()
    .connect(first)
    .catch((error) => error);
  expect(refused instanceof UnauthorizedError, `to be sent to sign in, not ${refused}`);
  await first.finishAuth(account.takeCallback());
  const connected = create();
  await connected.connect(transport());
  return connected;
}

async function developmentEnvironment(): Promise<{ environmentId: string }> {
  const { environments } = await call('list_environments');
  for (const { id, display_name, type } of environments as Entity[]) show(`${id}  ${display_name} (${type})`);
  const development = (environments as Entity[]).find(({ type }) => type === 'DEV');
  expect(development !== undefined, 'a development environment');
  return { environmentId: development.id };
}

async function call(tool: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { isError, structuredContent, content } = await client.callTool({ name: tool, arguments: args });
  expect(isError !== true, `${tool} to succeed: ${JSON.stringify(content)}`);
  return structuredContent as Record<string, unknown>;
}

async function json(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url);
  expect(response.ok, `a document at ${url}, not ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Runs one step under its title, with the time that it took. The first that fails ends the demo. */
async function step<T>(title: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  console.log(`\n${paint('bold', title)}`);
  try {
    const outcome = await run();
    console.log(paint('gray', `  ${Math.round(performance.now() - started)} ms`));
    return outcome;
  } catch (error) {
    console.log(`  ${paint('red', error instanceof Error ? error.message : String(error))}`);
    process.exit(1);
  }
}

function show(line: string): void {
  console.log(`  ${paint('cyan', '›')} ${line}`);
}

function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`Expected ${what}.`);
}

function paint(format: 'bold' | 'gray' | 'red' | 'cyan' | 'green', text: string): string {
  const coloured = process.env['FORCE_COLOR'] || (process.stdout.isTTY && !process.env['NO_COLOR']);
  return coloured ? styleText(format, text) : text;
}
