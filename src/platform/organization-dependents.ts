import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { collectDependents } from './dependents.ts';
import { ListedConnection } from './entities/connection.ts';
import { Directory } from './entities/directory.ts';
import { Organization } from './entities/organization.ts';
import { OrganizationClient } from './entities/organization-client.ts';
import { User } from './entities/user.ts';
import { domainPages } from './organization-domain.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const PAGE_SIZE = 100;

const One = z.object({ organization: Organization });
/** As far as a preview shows them, so that one that is odd in something else counts as well. */
const Member = User.pick({ id: true, email: true });
const Connection = ListedConnection.pick({
  id: true,
  provider: true,
  type: true,
  enabled: true,
  organization_id: true,
});

const ListedDirectory = Directory.pick({ id: true, name: true, enabled: true });
const Client = OrganizationClient.pick({ client_id: true, name: true });
/** The longest page of clients that no version of the API refuses. */
const CLIENTS_AT_ONCE = 30;

/**
 * Reads an organization with its users, SSO connections, domains, directories and API clients, which go with it
 * (`GET /organizations/{id}`, `GET /organizations/{id}/users`, `GET /connections`, `GET /organizations/{id}/domains`,
 * `GET /organizations/{id}/directories`, `GET /organizations/{id}/clients`).
 */
export async function showOrganization(api: Api, id: string) {
  const { organization } = checkAnswer(One, await api.get(path`/organizations/${id}`));
  const ofIt = { organization_id: id, include: 'all' };
  const [users, connections, domains, directories, clients] = await Promise.all([
    collectDependents(
      pagesOf(api, path`/organizations/${id}/users`, { page_size: PAGE_SIZE }, 'users', Member),
      (users) => users,
    ),
    collectDependents(pagesOf(api, path`/connections`, ofIt, 'connections', Connection), (connections) =>
      connections.flatMap(({ organization_id, ...shown }) => (organization_id === id ? [shown] : [])),
    ),
    collectDependents(domainPages(api, id), (domains) => domains),
    collectDependents(
      pagesOf(api, path`/organizations/${id}/directories`, {}, 'directories', ListedDirectory),
      (directories) => directories,
    ),
    collectDependents(
      pagesOf(api, path`/organizations/${id}/clients`, { page_size: CLIENTS_AT_ONCE }, 'clients', Client),
      (clients) => clients.map(({ client_id, name }) => ({ id: client_id, name })),
    ),
  ]);
  // Users last, who may be so many that nothing behind them would be shown.
  return { organization, connections, domains, directories, clients, users };
}
