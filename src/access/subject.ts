import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import type { ResourceEntry } from './content.ts';
import type { Entry } from './entry.ts';
import { nearestTo } from './nearest.ts';
import type { Surface } from './surface.ts';

/** What a message other than a tool call asks to be run. */
export interface Subject {
  readonly entry: Entry;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** How it is called in records and refusals: a URI or template, or what it completes. */
  readonly name: string;
  readonly resource?: ResourceEntry;
}

/** Why there is nothing to run. */
export interface NoSubject {
  readonly invalid: string;
}

type Params = Message['params'];

/** The longest value that is completed, in characters. */
const MAX_VALUE = 200;

/** What `resources/read` reads: the first resource whose URI or template stands for the URI. */
export function readBy({ uri }: Params, surface: Surface): Subject | NoSubject {
  if (typeof uri !== 'string') return { invalid: 'resources/read takes uri (a string).' };
  for (const resource of surface.content.resources.values()) {
    const values = resource.template.match(uri);
    if (values === undefined) continue;
    const bounded = withinFence(values, resource.reader, surface);
    if ('invalid' in bounded) return bounded;
    return {
      entry: resource.reader,
      arguments: bounded.arguments,
      name: `resource ${resource.template.text}`,
      resource,
    };
  }
  return {
    invalid:
      'Resource not found. resources/list and resources/templates/list name what there is here; another URL of this server may offer more.',
  };
}

/**
 * What `completion/complete` runs.
 * @returns undefined when there is nothing to complete with: for an argument of any text, or before the environment is known
 */
export function completedBy({ ref, argument, context }: Params, surface: Surface): Subject | NoSubject | undefined {
  const completers = completersOf(ref, surface);
  if ('invalid' in completers) return completers;
  if (!isObject(argument) || typeof argument['name'] !== 'string' || typeof argument['value'] !== 'string') {
    return { invalid: 'completion/complete takes ref, and argument with name and value (strings).' };
  }
  const { name, value } = argument;
  if (value.length > MAX_VALUE) return { invalid: `A value of up to ${MAX_VALUE} characters can be completed.` };
  if (!completers.names.includes(name)) {
    const meant = nearestTo(name, completers.names).join(' or ');
    return { invalid: `There is no such argument.${meant === '' ? '' : ` Did you mean ${meant}?`}` };
  }
  const entry = completers.entries.get(name);
  if (entry === undefined) return undefined;
  const given = isObject(context) && isObject(context['arguments']) ? context['arguments'] : {};
  const bounded = withinFence(given, entry, surface);
  if ('invalid' in bounded) return bounded;
  const known = Object.entries(bounded.arguments).filter(
    ([key]) => Object.hasOwn(entry.arguments.shape, key) && key !== 'value',
  );
  const args = { ...Object.fromEntries(known), value };
  if (entry.takesEnvironment && !('environmentId' in args)) return undefined;
  return { entry, arguments: args, name: `completion of ${name}` };
}

interface Completers {
  /** All arguments or variables, be there a completer or not. */
  readonly names: readonly string[];
  readonly entries: ReadonlyMap<string, Entry>;
}

function completersOf(ref: unknown, { content }: Surface): Completers | NoSubject {
  if (isObject(ref) && ref['type'] === 'ref/prompt') {
    const found = content.prompts.get(String(ref['name']));
    if (found === undefined) return { invalid: 'Unknown prompt. prompts/list names the prompts of this server.' };
    return { names: found.prompt.arguments.map(({ name }) => name), entries: found.completers };
  }
  if (isObject(ref) && ref['type'] === 'ref/resource') {
    const found = content.resources.get(String(ref['uri']));
    if (found === undefined)
      return { invalid: 'Unknown template. resources/templates/list names those of this server.' };
    return { names: found.template.variables, entries: found.completers };
  }
  return { invalid: 'ref is { type: "ref/prompt", name } or { type: "ref/resource", uri }.' };
}

/** Arguments without the environment where that is fixed. The same one says nothing new; any other is refused. */
function withinFence(
  args: Readonly<Record<string, unknown>>,
  { takesEnvironment }: Entry,
  { fence }: Surface,
): { readonly arguments: Readonly<Record<string, unknown>> } | NoSubject {
  const { environmentId, ...others } = args;
  if (environmentId !== undefined && fence !== undefined && environmentId !== fence) {
    return {
      invalid: `This connection acts in the environment ${fence} alone. Connect without that limit for others.`,
    };
  }
  return { arguments: takesEnvironment || environmentId === undefined ? args : others };
}
