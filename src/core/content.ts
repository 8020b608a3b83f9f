import type { Tool, ViewName } from './tool.ts';

/**
 * Something that clients read under a URI. It is read as a tool is called: `reader` has the scope, the place, the arguments and
 * the form of the answer, so that a read runs through the same stages, and nothing of it leaves by another way.
 */
export interface Resource {
  /**
   * The URI, or a template of URIs (RFC 6570) whose variables are arguments of the reader: `{name}` stands for one segment,
   * `{+name}` at the end for all that follows. A reader whose place is an environment has `{environmentId}` in it.
   */
  readonly uri: string;
  /** The same where this server has only one environment, which nobody names. */
  readonly ownUri?: string;
  /** Unique among the resources; in the form of a tool's name. */
  readonly name: string;
  readonly title: string;
  /** One sentence that says what is there. */
  readonly description: string;
  /** The form of what is read. Text is the member `text` of the reader's answer; JSON is the whole answer. */
  readonly mimeType: 'application/json' | 'text/markdown' | typeof VIEW_MIME_TYPE;
  /** Not a tool of the catalogue, or one of it. It only reads. */
  readonly reader: Tool;
  /** What completes values of variables, by the names of these. */
  readonly completers: Readonly<Record<string, Tool>>;
  /** How long a client may keep what it has read, in milliseconds. */
  readonly ttlMs: number;
  /** Whether what is read is the same for all callers, so that shared caches may keep it. */
  readonly isPublic?: true;
  /** Set for what describes a request's own surface: it is offered whatever the request selects. */
  readonly isAlwaysOffered?: true;
  /** The tools that it is about: it is offered where at least one of them is. */
  readonly isAbout?: readonly string[];
  /** The view whose document it is: it is offered where a tool is listed with that view. */
  readonly view?: ViewName;
  /** The tools that make or change such a thing, whose results link to it. */
  readonly linkedFrom?: {
    readonly tools: readonly string[];
    /** The member of their results that holds the thing, with its `id`. */
    readonly member: string;
    /** The variable of the URI that this id is a value of. */
    readonly variable: string;
  };
}

/** The media type of the document of a view (MCP Apps, revision 2026-01-26). */
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

/** The URI of the document of a view. */
export function viewUri(view: ViewName): string {
  return `ui://scalekit/${view}`;
}

/** A link to a resource, for the result of a tool. */
export type ResourceLink = Pick<Resource, 'uri' | 'name' | 'title' | 'mimeType'>;

/** An argument of a prompt. */
export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** Completes its values. */
  readonly completer?: Tool;
}

/** What a prompt may know of whoever asks for it. */
export interface PromptFacts {
  /** The values of its arguments. Those that are left out, or empty, are missing. */
  readonly values: ReadonlyMap<string, string>;
  /** Tools that it names, each with what keeps the caller from calling it; undefined when nothing does. */
  readonly hindrances: ReadonlyMap<string, string | undefined>;
  /** The environment in which all calls act, where there is only one to act in: its id, or `true` for this server's own. */
  readonly environment: string | true | undefined;
}

/** A job that a person starts: it becomes a message to the model. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  /** One sentence that says what the job is good for. */
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** The tools that the job needs, in the order of their use. */
  readonly tools: readonly string[];
  /** The message. */
  readonly write: (facts: PromptFacts) => string;
}

/** A skill (MCP extension `io.modelcontextprotocol/skills`): a document that tells a model how a job is done. */
export interface Skill {
  /** The URI of its `SKILL.md`, in a folder of its name. */
  readonly uri: string;
  /** The name in its frontmatter: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The tools that the job needs. */
  readonly tools: readonly string[];
  /** `SKILL.md`, with its frontmatter. */
  readonly text: string;
}

/** What this server offers beside tools. */
export interface Content {
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
  readonly skills: readonly Skill[];
}

/** Tools alone. */
export const NO_CONTENT: Content = Object.freeze({ resources: [], prompts: [], skills: [] });
