import { type AccessContent, seedAccess } from './data/access.ts';
import { type AgentsContent, seedAgents } from './data/agents.ts';
import { type ConnectionsContent, seedConnections } from './data/connections.ts';
import { ENVIRONMENT_ROLES, type EnvironmentRole } from './data/dashboard-roles.ts';
import { type DirectoriesContent, seedDirectories } from './data/directories.ts';
import { type DomainsContent, seedDomains } from './data/domains.ts';
import { type SettingsContent, seedSettings } from './data/environment-settings.ts';
import { ENVIRONMENT_IDS, type EnvironmentName } from './data/ids.ts';
import { type LogsContent, seedLogs } from './data/logs.ts';
import { type MachinesContent, seedMachines } from './data/machines.ts';
import { type OrganizationsContent, seedOrganizations } from './data/organizations.ts';
import { type PoliciesContent, seedPolicies } from './data/policies.ts';
import { type ServerClientsContent, seedServerClients } from './data/server-clients.ts';
import { type ServersContent, seedServers } from './data/servers.ts';
import { type SessionsContent, seedSessions } from './data/sessions.ts';
import type { Environment, Member, Workspace } from './data/types.ts';
import { seedUsers, type UsersContent } from './data/users.ts';
import { ENVIRONMENTS, MEMBERS, WORKSPACE } from './data/workspace.ts';
import { Links } from './links.ts';
import { Secrets } from './secrets.ts';

/** Above every id of the seed data. */
const FIRST_NEW_ID = 71204418093060001n;

/** Lists of an environment that are not empty when it is new. */
const FROM_THE_START: ReadonlySet<string> = new Set(['roles', 'permissions', 'agentTools', 'features']);

/** What the one client of a new environment lacks. */
const NEW_CLIENT = {
  name: 'Default',
  secrets: [],
  post_login_uris: [],
  post_logout_redirect_uris: [],
  back_channel_logout_uris: [],
  initiate_login_uri: undefined,
};

/** What lives in one environment and nowhere else. Lists are in the order of creation. */
export type EnvironmentContent = SettingsContent &
  OrganizationsContent &
  AccessContent &
  UsersContent &
  SessionsContent &
  ConnectionsContent &
  DomainsContent &
  DirectoriesContent &
  PoliciesContent &
  ServersContent &
  ServerClientsContent &
  MachinesContent &
  AgentsContent &
  LogsContent;

/** The state of one sandbox: a copy of the seed data, changed by its own operations alone. */
export class Store {
  readonly workspace: Workspace = structuredClone(WORKSPACE);
  readonly members: Member[] = structuredClone([...MEMBERS]);
  readonly environmentRoles: EnvironmentRole[] = structuredClone([...ENVIRONMENT_ROLES]);
  readonly environments: Environment[] = structuredClone([...ENVIRONMENTS]);
  readonly #contents: Map<string, EnvironmentContent>;
  readonly links: Links;
  readonly secrets = new Secrets();
  /** Of the sandbox, where its pages are. */
  readonly url: string;
  #lastId = FIRST_NEW_ID;

  constructor(url: string) {
    this.url = url;
    this.links = new Links(url);
    this.#contents = new Map(
      (['development', 'production'] as const).map((name) => [ENVIRONMENT_IDS[name], seed(name, url)]),
    );
  }

  /** What an environment of this store holds. */
  contentOf(environment: Environment): EnvironmentContent {
    return this.#content(environment.id);
  }

  #content(id: string): EnvironmentContent {
    const content = this.#contents.get(id);
    if (content === undefined) throw new Error(`The store holds no environment ${id}.`);
    return content;
  }

  /** What the environment holds that is played at the sandbox's own address. */
  get first(): EnvironmentContent {
    return this.#content(ENVIRONMENT_IDS.development);
  }

  /** Where an environment is: the first one here, the others nowhere but in their domain. */
  urlOf({ id, domain }: Environment): string {
    return id === ENVIRONMENT_IDS.development ? this.url : `https://${domain}`;
  }

  /** Adds an environment: what every one has from the start, and nothing else. */
  addEnvironment(environment: Environment): void {
    const { clients, ...usual } = seed('development', this.url);
    const bare = Object.entries(usual).map(([name, value]) => [
      name,
      Array.isArray(value) && !FROM_THE_START.has(name) ? [] : value,
    ]);
    const client = { ...clients[0], ...NEW_CLIENT, id: this.newId('skc'), create_time: environment.create_time };
    const content = { ...Object.fromEntries(bare), clients: [{ ...client, keyId: client.id }] };
    this.#contents.set(environment.id, content as unknown as EnvironmentContent);
    this.environments.push(environment);
  }

  /** Does something whole; when it throws, everything is as before, but for ids that were given and links. */
  allOrNothing<T>(work: () => T): T {
    const kept = structuredClone(this.#lists());
    try {
      return work();
    } catch (error) {
      for (const [i, list] of this.#lists().entries()) {
        if (Array.isArray(list)) list.length = 0;
        Object.assign(list, kept[i]);
      }
      throw error;
    }
  }

  /** All that operations change: lists, and objects without depth. */
  #lists(): object[] {
    return [
      this.members,
      this.environmentRoles,
      this.environments,
      ...[...this.#contents.values()].flatMap((content) => Object.values(content) as object[]),
    ];
  }

  /** An id that nothing has yet, such as `org_71204418093060001`. */
  newId(prefix: string): string {
    const id = `${prefix}_${this.#lastId}`;
    this.#lastId += 1n;
    return id;
  }
}

function seed(environment: EnvironmentName, url: string): EnvironmentContent {
  const known = { ...seedOrganizations(environment), ...seedAccess(environment) };
  const people = seedUsers(environment, known);
  return structuredClone({
    ...seedSettings(environment),
    ...known,
    ...people,
    ...seedSessions(environment, people.users),
    ...seedConnections(environment, url),
    ...seedDomains(environment),
    ...seedDirectories(environment),
    ...seedPolicies(environment, url),
    ...seedServers(environment),
    ...seedServerClients(environment),
    ...seedMachines(environment),
    ...seedAgents(environment),
    ...seedLogs(environment),
  });
}
