import { ENVIRONMENTS } from './data/environments.ts';
import { ENVIRONMENT_IDS } from './data/ids.ts';
import { DEVELOPMENT_ORGANIZATIONS } from './data/organizations-development.ts';
import { PRODUCTION_ORGANIZATIONS } from './data/organizations-production.ts';
import type { Environment, Member, Organization, Workspace } from './data/types.ts';
import { MEMBERS, WORKSPACE } from './data/workspace.ts';

/** Above every id of the seed data. */
const FIRST_NEW_ID = 71204418093060001n;

/** What lives in one environment and nowhere else. Lists are in the order of creation. */
export interface EnvironmentContent {
  readonly organizations: Organization[];
}

/** The state of one sandbox: a copy of the seed data, changed by its own operations alone. */
export class Store {
  readonly workspace: Workspace = structuredClone(WORKSPACE);
  readonly members: Member[] = structuredClone([...MEMBERS]);
  readonly environments: Environment[] = structuredClone([...ENVIRONMENTS]);
  readonly #contents: ReadonlyMap<string, EnvironmentContent> = new Map([
    [ENVIRONMENT_IDS.development, { organizations: structuredClone([...DEVELOPMENT_ORGANIZATIONS]) }],
    [ENVIRONMENT_IDS.production, { organizations: structuredClone([...PRODUCTION_ORGANIZATIONS]) }],
  ]);
  #lastId = FIRST_NEW_ID;

  /** What an environment of this store holds. */
  contentOf(environment: Environment): EnvironmentContent {
    const content = this.#contents.get(environment.id);
    if (content === undefined) throw new Error(`The store holds no environment ${environment.id}.`);
    return content;
  }

  /** An id that nothing has yet, such as `org_71204418093060001`. */
  newId(prefix: string): string {
    const id = `${prefix}_${this.#lastId}`;
    this.#lastId += 1n;
    return id;
  }
}
