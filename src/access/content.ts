import { boundedMap } from '../core/bounded-map.ts';
import type { Content, Prompt, Resource, Skill } from '../core/content.ts';
import type { Tool, ViewName } from '../core/tool.ts';
import type { Entry } from './entry.ts';
import { type UriTemplate, uriTemplate } from './uri-template.ts';

/** A resource as one kind of surface offers it. */
export interface ResourceEntry {
  readonly resource: Resource;
  /** Its URI or template there. */
  readonly template: UriTemplate;
  /** What reads it. */
  readonly reader: Entry;
  /** What completes its variables, by their names. */
  readonly completers: ReadonlyMap<string, Entry>;
}

/** A prompt as one kind of surface offers it. */
export interface PromptEntry {
  readonly prompt: Prompt;
  /** What completes its arguments, by their names. */
  readonly completers: ReadonlyMap<string, Entry>;
}

/** What a surface offers beside tools. */
export interface SurfaceContent {
  /** By their URIs or templates, in the order in which they are listed. */
  readonly resources: ReadonlyMap<string, ResourceEntry>;
  /** Those of them that results of tools link to, by the names of these tools. */
  readonly linked: ReadonlyMap<string, readonly ResourceEntry[]>;
  readonly prompts: ReadonlyMap<string, PromptEntry>;
  readonly skills: readonly Skill[];
}

/** What of the surface decides about its content. */
interface Narrowing {
  readonly realm: { readonly mode: 'workspace' | 'environment' };
  /** Whether what a tool of this kind reads is offered. */
  readonly offersReader: (reader: Tool) => boolean;
  /** Whether values are completed by what such a tool finds. */
  readonly offersCompleter: (completer: Tool) => boolean;
  readonly entryOf: (reader: Tool) => Entry;
  readonly offersTool: (name: string) => boolean;
  /** Whether a listed tool has this view. */
  readonly hasView: (view: ViewName) => boolean;
}

/**
 * The content of a surface. A resource is offered where its reader is, as a tool would be. A prompt or skill is offered where
 * at least one of the tools is that it needs; what it says then names the others with what hinders them.
 * @throws Error when two resources share a URI, or two prompts a name
 */
export function contentOn({ resources, prompts, skills }: Content, narrowing: Narrowing): SurfaceContent {
  const { offersReader, offersTool, hasView, realm } = narrowing;
  const isUseful = ({ tools }: Pick<Prompt, 'tools'>) => tools.length === 0 || tools.some(offersTool);
  const isOffered = ({ isAbout, ...resource }: Resource) => {
    if (resource.view !== undefined) return hasView(resource.view);
    if (isAbout !== undefined) return isUseful({ tools: isAbout });
    return resource.isAlwaysOffered === true || (isReached(resource, realm) && offersReader(resource.reader));
  };
  const offered = resources.filter(isOffered);
  const resourceEntries = byKey(
    offered.map((resource): [string, ResourceEntry] => {
      const uri = realm.mode === 'environment' ? (resource.ownUri ?? resource.uri) : resource.uri;
      const completers = entriesOf(Object.entries(resource.completers), narrowing);
      return [uri, { resource, template: templateOf(uri), reader: narrowing.entryOf(resource.reader), completers }];
    }),
  );
  return Object.freeze({
    resources: resourceEntries,
    linked: linkedBy([...resourceEntries.values()]),
    prompts: byKey(
      prompts.filter(isUseful).map((prompt): [string, PromptEntry] => {
        const completable = prompt.arguments.flatMap(({ name, completer }) =>
          completer === undefined ? [] : [[name, completer] as const],
        );
        return [prompt.name, { prompt, completers: entriesOf(completable, narrowing) }];
      }),
    ),
    skills: Object.freeze(skills.filter(isUseful)),
  });
}

/** The templates of the content's URIs. They are the same on every surface, and there are a few dozen. */
const templates = boundedMap<string, UriTemplate>(1_000);

function templateOf(uri: string): UriTemplate {
  const known = templates.get(uri) ?? uriTemplate(uri);
  templates.set(uri, known);
  return known;
}

/** Whether there is a URI for it: where the server has one environment, none that names one. */
function isReached({ uri, ownUri }: Resource, { mode }: Narrowing['realm']): boolean {
  return mode === 'workspace' || ownUri !== undefined || !uri.includes('{environmentId}');
}

function linkedBy(entries: readonly ResourceEntry[]): ReadonlyMap<string, readonly ResourceEntry[]> {
  const linked = new Map<string, ResourceEntry[]>();
  for (const entry of entries) {
    for (const tool of entry.resource.linkedFrom?.tools ?? []) linked.set(tool, [...(linked.get(tool) ?? []), entry]);
  }
  return linked;
}

function entriesOf(
  completers: readonly (readonly [string, Tool])[],
  { offersCompleter, entryOf }: Narrowing,
): ReadonlyMap<string, Entry> {
  const offered = completers.filter(([, completer]) => offersCompleter(completer));
  return new Map(offered.map(([name, completer]) => [name, entryOf(completer)]));
}

function byKey<T>(entries: readonly [string, T][]): ReadonlyMap<string, T> {
  const map = new Map(entries);
  if (map.size !== entries.length) throw new Error('Two resources have the same URI, or two prompts the same name.');
  return map;
}
