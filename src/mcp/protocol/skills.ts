import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import {
  DIRECTORY_MIME_TYPE,
  RESOURCES_DIRECTORY_READ_METHOD,
  SKILLS_GET_METHOD,
  SKILLS_LIST_METHOD,
  skillEntry,
} from '@modelcontextprotocol/server/ext/skills';
import { z } from 'zod';
import type { Skill } from '../../core/content.ts';
import { MODERN_VERSION } from '../../core/message.ts';
import { pageOf } from './pages.ts';
import { ClientFacingError, type ReadableErrorsServer } from './sdk-server.ts';

/** Skills change with a release alone, and what is offered of them by the selection. */
const CACHED = { ttlMs: 300_000, cacheScope: 'private' } as const;
/** The folder of all skills, and the end of the URI of a document. */
const ROOT = 'skill://scalekit';
const DOCUMENT = '/SKILL.md';

const Paged = z.looseObject({ cursor: z.string().optional() });
const OfUri = z.looseObject({ uri: z.string(), cursor: z.string().optional() });

type Entry = Awaited<ReturnType<typeof skillEntry>>;

/** With digest and size of the document. Made once for each skill. */
const entries = new WeakMap<Skill, Promise<Entry>>();

function entryOf(skill: Skill): Promise<Entry> {
  const made = entries.get(skill) ?? skillEntry(`scalekit/${skill.name}`, { 'SKILL.md': skill.text });
  entries.set(skill, made);
  return made;
}

/** Serves the MCP extension `io.modelcontextprotocol/skills` (SEP-2640), but for the documents, which are resources. */
export function serveSkills(
  server: ReadableErrorsServer,
  skills: readonly Skill[],
  serves: (method: string) => boolean,
): void {
  const hints = () => (server.getNegotiatedProtocolVersion() === MODERN_VERSION ? CACHED : {});
  if (serves(SKILLS_LIST_METHOD)) {
    server.setRequestHandler(SKILLS_LIST_METHOD, { params: Paged }, async ({ cursor }) => {
      const page = pageOf(skills, cursor);
      return { skills: await Promise.all(page.entries.map(entryOf)), ...page.next, ...hints() };
    });
  }
  if (serves(SKILLS_GET_METHOD)) {
    server.setRequestHandler(SKILLS_GET_METHOD, { params: OfUri }, async ({ uri }) => {
      const skill = skills.find((one) => one.uri === uri);
      if (skill === undefined) throw notFound('No such skill is served here; skills/list names those that are.');
      return { skill: await entryOf(skill), ...hints() };
    });
  }
  if (serves(RESOURCES_DIRECTORY_READ_METHOD)) {
    server.setRequestHandler(RESOURCES_DIRECTORY_READ_METHOD, { params: OfUri }, ({ uri, cursor }) => {
      const children = childrenOf(uri, skills);
      if (children === undefined) throw notFound(`There is no such directory; ${ROOT} holds those of all skills.`);
      const page = pageOf(children, cursor);
      return { resources: page.entries, ...page.next, ...hints() };
    });
  }
}

interface Child {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly mimeType: string;
  readonly size?: number;
}

/** What a folder holds: the folders of the skills, or the document of one. */
function childrenOf(uri: string, skills: readonly Skill[]): readonly Child[] | undefined {
  if (uri === ROOT) {
    return skills.map(({ uri, name, title }) => ({ uri: folderOf(uri), name, title, mimeType: DIRECTORY_MIME_TYPE }));
  }
  const skill = skills.find((one) => folderOf(one.uri) === uri);
  if (skill === undefined) return undefined;
  const size = Buffer.byteLength(skill.text);
  return [{ uri: skill.uri, name: DOCUMENT.slice(1), mimeType: 'text/markdown', size }];
}

function folderOf(uri: string): string {
  return uri.slice(0, -DOCUMENT.length);
}

function notFound(message: string): ClientFacingError {
  return new ClientFacingError(ProtocolErrorCode.InvalidParams, message);
}
