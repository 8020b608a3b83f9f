import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { path } from './path.ts';

/** A connection that a call names, and whose it is. */
export interface ConnectionTarget {
  /** `undefined`: it is one of the environment itself. */
  readonly organizationId?: string | undefined;
  readonly id: string;
  /** The tool that does the same with the connection of an organization. */
  readonly forOrganizations: string;
}

/** Where a connection is read, changed and deleted. */
export function pathOf({ organizationId, id }: Omit<ConnectionTarget, 'forOrganizations'>): Path {
  return organizationId === undefined
    ? path`/connections/${id}`
    : path`/organizations/${organizationId}/connections/${id}`;
}

/** The tool that lists such connections. */
export function listOf({ organizationId }: Pick<ConnectionTarget, 'organizationId'>): string {
  return organizationId === undefined ? 'list_environment_connections' : 'list_organization_connections';
}

/**
 * Waits for a request about a connection. Where there is none of the environment, says whether it belongs to an
 * organization.
 */
export function explained<T>(api: Api, target: ConnectionTarget, request: Promise<T>): Promise<T> {
  return request.catch(async (error) => {
    const isExplained = error instanceof ToolError && error.code === 'not_found' && target.organizationId === undefined;
    throw isExplained ? await unknownConnection(api, target, error) : error;
  });
}

const Owners = z.object({ connections: z.array(z.object({ id: z.string(), organization_id: z.string().nullish() })) });

/** The list shows the connections of organizations, but the operations on a single one know them under other paths. */
async function unknownConnection(api: Api, target: ConnectionTarget, error: ToolError): Promise<ToolError> {
  const listed = Owners.safeParse(await api.get(path`/connections`, { include: 'all' }).catch(() => undefined));
  if (!listed.success) {
    const message = `${error.message} It may belong to an organization (its organization_id in the list is not empty): those connections have tools of their own.`;
    const recovery = { ...error.recovery, field: 'connectionId', nextTool: listOf({}) };
    return new ToolError(error.code, message, recovery, error.cause);
  }
  const owner = listed.data.connections.find((connection) => connection.id === target.id)?.organization_id;
  return owner ? ofOrganization('not_found', owner, target, error) : error;
}

/**
 * The error for a connection of an organization where one of the environment itself was meant.
 * @param owner from the API; only an id of the known form becomes part of the sentence
 */
export function ofOrganization(
  code: 'invalid_arguments' | 'not_found',
  owner: string,
  { forOrganizations: nextTool }: ConnectionTarget,
  cause?: ToolError,
): ToolError {
  const organization = /^org_\w{1,28}$/.test(owner) ? `organization ${owner}` : 'an organization';
  const message = `This connection belongs to ${organization}: this tool handles those of the environment itself. Use ${nextTool} with the organizationId; or let the organization do it in the admin portal, to which generate_admin_portal_link makes a link.`;
  const upstream = cause?.recovery.upstream;
  return new ToolError(code, message, { field: 'connectionId', nextTool, ...(upstream && { upstream }) });
}

/** Types of connections to services in which agents act. Nobody signs in through them. */
const APP_TYPES: ReadonlySet<string> = new Set([
  ...['OAUTH', 'OAUTH_M2M', 'BASIC', 'BEARER', 'API_KEY', 'NO_AUTH'],
  ...['TRELLO_OAUTH1', 'GOOGLE_DWD', 'TRUSTED_IDP', 'SMART_FHIR'],
]);

/** Whether agents act through connections of that type. */
export function isAppType(type: string | null | undefined): boolean {
  return APP_TYPES.has(type ?? '');
}

/** @throws ToolError `invalid_arguments` for a connection of another type than the one that a tool configures */
export function refuseOtherTypes(
  type: string | null | undefined,
  wanted: 'OIDC' | 'SAML',
  target: Pick<ConnectionTarget, 'organizationId'>,
): void {
  if (type === wanted) return;
  const article = wanted === 'OIDC' ? 'an OIDC' : 'a SAML';
  if (isAppType(type)) {
    throw new ToolError(
      'invalid_arguments',
      `This connection is not ${article} one, but of type ${type}: an app connection, to a service in which agents act. It is configured in the Scalekit dashboard.`,
      { field: 'connectionId', nextTool: 'list_app_connections' },
    );
  }
  throw new ToolError(
    'invalid_arguments',
    `This connection is not ${article} one. Take the id of one whose type is ${wanted}, or create one.`,
    { field: 'connectionId', nextTool: listOf(target) },
  );
}
