import { z } from 'zod';
import { docsPaths } from '../completions/docs.ts';
import type { Resource } from '../core/content.ts';
import type { TopicName } from '../core/documentation.ts';
import { later } from '../core/later.ts';
import type { ToolContext } from '../core/tool.ts';
import { toolset } from '../core/toolset.ts';
import { docs } from '../tools/docs.ts';
import { resource } from './resource.ts';

const answers = later(() => import('../knowledge/answers.ts'));

/** The documentation changes a few times a day. */
const TTL_MS = 10 * 60_000;

/** What each part of the documentation is good for. */
const TOPICS: Readonly<Record<TopicName, { readonly title: string; readonly description: string }>> = {
  'full-stack-auth': {
    title: 'Full-stack auth',
    description: 'Pages about sign-up, login, sessions, users, organizations and roles of an application.',
  },
  'agent-auth': {
    title: 'Agent auth (AgentKit)',
    description: 'Pages about tools and accounts of users for AI agents: connectors, token vault, frameworks.',
  },
  'mcp-auth': {
    title: 'MCP auth',
    description: 'Pages about OAuth 2.1 for MCP servers: registration, metadata, scopes, clients, quick starts.',
  },
  'sso-scim': {
    title: 'Enterprise SSO and SCIM',
    description: 'Pages about SAML and OIDC sign-in of companies, and about provisioning from their directories.',
  },
  quickstart: { title: 'Quick starts', description: 'The pages to begin with, one for each product.' },
  'api-sdk': { title: 'API and SDKs', description: 'Pages about the REST API, the SDKs and webhooks.' },
  integrations: { title: 'Integrations', description: 'Guides for identity providers and other systems.' },
  'm2m-auth': {
    title: 'Machine-to-machine auth',
    description: 'Pages about client credentials and API keys of programs.',
  },
};

type Read = (args: Readonly<Record<string, unknown>>, context: ToolContext) => Promise<{ readonly text: string }>;

/** What reads one of the resources: a tool that is in no catalogue, and needs no scope, as `get_docs_page` does not. */
function readerOf(name: string, description: string, input: { readonly path?: z.ZodString }, run: Read) {
  const { tools } = toolset(docs.name, { area: 'workspace', place: 'workspace' }, (t) => [
    t.read(name, { description, scope: null, input, output: { text: z.string() }, publishes: ['text'], run }),
  ]);
  return tools[0] as Resource['reader'];
}

function listOf(name: 'index' | TopicName, title: string, description: string): Resource {
  const id = `docs_${name.replaceAll('-', '_')}`;
  return resource({
    uri: `docs://${name}`,
    name: id,
    title,
    description,
    mimeType: 'text/markdown',
    reader: readerOf(id, description, {}, async (_args, context) => (await answers()).readWhole(name, context)),
    ttlMs: TTL_MS,
    isPublic: true,
  });
}

/** The documentation: lists of its pages, and each page. */
export const docsResources: readonly Resource[] = [
  listOf(
    'index',
    'The documentation',
    'Start here: the parts of the Scalekit documentation, and how many pages each has.',
  ),
  ...Object.entries(TOPICS).map(([name, { title, description }]) => listOf(name as TopicName, title, description)),
  resource({
    uri: 'docs://page/{+path}',
    name: 'docs_page',
    title: 'A page of the documentation',
    description: 'A page by its path on the site, such as those that search_docs finds.',
    mimeType: 'text/markdown',
    reader: readerOf(
      'docs_page',
      'A page of the documentation.',
      { path: z.string().max(500) },
      async ({ path }, context) => (await answers()).readWhole(`page/${path}`, context),
    ),
    completers: { path: docsPaths },
    ttlMs: TTL_MS,
    isPublic: true,
  }),
];
