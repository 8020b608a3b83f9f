import { type AccessContent, seedAccess } from './data/access.ts';
import { type AgentsContent, seedAgents } from './data/agents.ts';
import { type ConnectionsContent, seedConnections } from './data/connections.ts';
import { type DirectoriesContent, seedDirectories } from './data/directories.ts';
import { type DomainsContent, seedDomains } from './data/domains.ts';
import { ENVIRONMENT_IDS, type EnvironmentName } from './data/ids.ts';
import { type MachinesContent, seedMachines } from './data/machines.ts';
import { type OrganizationsContent, seedOrganizations } from './data/organizations.ts';
import { type PoliciesContent, seedPolicies } from './data/policies.ts';
import { type ServersContent, seedServers } from './data/servers.ts';
import { type SessionsContent, seedSessions } from './data/sessions.ts';
import type { Environment, Member, Workspace } from './data/types.ts';
import { seedUsers, type UsersContent } from './data/users.ts';
import { ENVIRONMENTS, MEMBERS, WORKSPACE } from './data/workspace.ts';
import { Links } from './links.ts';

/** Above every id of the seed data. */
const FIRST_NEW_ID = 71204418093060001n;

/** What lives in one environment and nowhere else. Lists are in the order of creation. */
export type EnvironmentContent = OrganizationsContent &
  AccessContent &
  UsersContent &
  SessionsContent &
  ConnectionsContent &
  DomainsContent &
  DirectoriesContent &
  PoliciesContent &
  ServersContent &
  MachinesContent &
  AgentsContent;

/** The state of one sandbox: a copy of the seed data, changed by its own operations alone. */
export class Store {
  readonly workspace: Workspace = structuredClone(WORKSPACE);
  readonly members: Member[] = structuredClone([...MEMBERS]);
  readonly environments: Environment[] = structuredClone([...ENVIRONMENTS]);
  readonly #contents: ReadonlyMap<string, EnvironmentContent>;
  readonly links: Links;
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
    const content = this.#contents.get(environment.id);
    if (content === undefined) throw new Error(`The store holds no environment ${environment.id}.`);
    return content;
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
    ...known,
    ...people,
    ...seedSessions(environment, people.users),
    ...seedConnections(environment, url),
    ...seedDomains(environment),
    ...seedDirectories(environment),
    ...seedPolicies(environment, url),
    ...seedServers(environment),
    ...seedMachines(environment),
    ...seedAgents(environment),
  });
}
