import type { Caller } from '../auth/caller.ts';
import { allows, neededBy } from '../auth/scopes.ts';
import type { Prompt, PromptFacts } from '../core/content.ts';
import { isObject } from '../core/json.ts';
import type { Message } from '../core/message.ts';
import type { NoSubject } from './subject.ts';
import { type Surface, spelled } from './surface.ts';

/** A prompt that is asked for, with what its text depends on. */
export interface AskedPrompt {
  readonly prompt: Prompt;
  readonly facts: PromptFacts;
}

/** The longest value of an argument, in characters. */
const MAX_VALUE = 500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** What `prompts/get` asks for. */
export function askedPrompt(
  { name, arguments: given = {} }: Message['params'],
  caller: Caller,
  surface: Surface,
): AskedPrompt | NoSubject {
  const entry = typeof name === 'string' ? surface.content.prompts.get(name) : undefined;
  if (entry === undefined) return { invalid: 'Unknown prompt. prompts/list names the prompts of this server.' };
  const { prompt } = entry;
  const values = valuesOf(prompt, given);
  if ('invalid' in values) return values;
  const { fence, realm } = surface;
  const named = values.found.get('environmentId');
  if (fence !== undefined && named !== undefined && named !== fence) {
    return { invalid: `This connection acts in the environment ${fence} alone. Leave environmentId out.` };
  }
  const hindrances = new Map(prompt.tools.map((tool) => [tool, hindranceOf(tool, caller, surface)]));
  const environment = realm.mode === 'environment' ? true : fence;
  return { prompt, facts: { values: values.found, hindrances, environment } };
}

function valuesOf(prompt: Prompt, given: unknown): { readonly found: ReadonlyMap<string, string> } | NoSubject {
  if (!isObject(given)) return { invalid: 'The arguments of a prompt must be an object.' };
  const known = new Set(prompt.arguments.map(({ name }) => name));
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) {
    if (!known.has(name)) return { invalid: `This prompt takes ${[...known].join(', ') || 'no arguments'}.` };
    if (typeof value !== 'string') return { invalid: `${name} must be a string.` };
    if (value.length > MAX_VALUE || CONTROL.test(value) || !value.isWellFormed()) {
      return { invalid: `${name} must be one line of at most ${MAX_VALUE} characters.` };
    }
    if (value.trim() !== '') found.set(name, value.trim());
  }
  const missing = prompt.arguments.filter(({ name, isRequired }) => isRequired && !found.has(name));
  if (missing.length > 0) return { invalid: `This prompt needs ${missing.map(({ name }) => name).join(' and ')}.` };
  return { found };
}

/** What keeps a caller from calling a tool here, and how that is changed; undefined when nothing does. */
function hindranceOf(name: string, caller: Caller, surface: Surface): string | undefined {
  const entry = surface.reach.get(name);
  if (entry === undefined) return surface.withheld.has(name) ? WITHHELD : NOT_SELECTED;
  const lacking = neededBy(entry.tool).filter((needed) => !allows(caller.grant, needed));
  const missing = lacking.map(({ scope }) => scope);
  if (missing.length === 0) return undefined;
  return `this sign-in lacks the scope ${spelled(surface, missing).join(' ')}; the first call of it asks for that`;
}

const WITHHELD = 'this server does not offer it; only its operator can change that';
const NOT_SELECTED =
  'this connection leaves it out; its URL or headers (toolsets, tools, read_only, environment) say so';
