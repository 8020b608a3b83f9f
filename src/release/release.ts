import type { UpstreamDetail } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { type Confirmable, failure, preview, type Result, success } from '../core/result.ts';
import type { Tool } from '../core/tool.ts';
import { type Cleaner, type Exempt, exempting } from './clean.ts';
import { cutToFit, type Position, type Trimmed } from './long-list.ts';
import { cutObject } from './long-object.ts';

/** The outcome of a call before it is released: it must not be sent to the client in this form. */
export type Unreleased =
  | {
      readonly kind: 'success';
      readonly data: JsonObject;
      /** Where the page begins; set for lists. */
      readonly position: Position | undefined;
    }
  | {
      readonly kind: 'preview';
      readonly confirmable: Confirmable;
      /** Whether the call was confirmed for something that has changed since. */
      readonly hasChanged: boolean;
    }
  | { readonly kind: 'failure'; readonly error: unknown };

/** What `release` needs to know about a call. */
export interface ReleaseOptions {
  readonly tool: Tool;
  readonly cleaner: Cleaner;
  /** The size above which a list is cut, in characters of JSON. */
  readonly budget: number;
  readonly requestId: string;
}

/** The longest text of the platform in a failure, in characters, and the longest list. */
const MAX_SAID = 500;
const MAX_SAID_ENTRIES = 50;
/** The most that a failure repeats of what the platform said, in characters of JSON. */
const MAX_SAID_IN_ALL = 6_000;

/** Page tokens may look like secrets, but without them a list could not be continued. */
const PAGE_TOKENS = ['next_page_token', 'prev_page_token'];
/** The request id identifies a failed call in the log. Clients may choose it, so it may look like a secret. */
const REQUEST_ID: Exempt = exempting(['requestId']);

/**
 * Prepares a result for the client. Every result of every tool passes through here: success, preview or failure.
 * Secrets and invisible characters are removed, what is too long is cut, and then the data is serialized.
 */
export function release(unreleased: Unreleased, { tool, cleaner, budget, requestId }: ReleaseOptions): Result {
  if (unreleased.kind === 'failure') {
    const { error } = failure(unreleased.error, requestId);
    const brief = error.upstream === undefined ? error : { ...error, upstream: said(error.upstream, cleaner) };
    return { kind: 'failure', error: cleaner.value(brief, REQUEST_ID) };
  }
  if (unreleased.kind === 'preview') {
    const { confirmable, hasChanged } = unreleased;
    if (confirmable.preview === undefined) return preview(confirmable, requestId, hasChanged);
    const clean = cleaner.value(confirmable.preview);
    const show = (data: JsonObject) => preview({ ...confirmable, preview: data }, requestId, hasChanged);
    // What stands around the preview counts as well.
    const room = budget - JSON.stringify(show({})).length;
    return show(cutObject(clean, room, cleaner.isCut).data);
  }
  const trimmed = fitToBudget(unreleased.data, unreleased.position, { tool, cleaner, budget });
  return success(trimmed.data, trimmed.text, tool.discloses);
}

function said(upstream: UpstreamDetail, cleaner: Cleaner): UpstreamDetail {
  return cutObject(briefly(upstream, cleaner) as unknown as JsonObject, MAX_SAID_IN_ALL).data as UpstreamDetail;
}

/** What the platform said of a failure, so short that a proxy's error page does not fill a model's context. */
function briefly<T>(said: T, cleaner: Cleaner): T;
function briefly(said: unknown, cleaner: Cleaner): unknown {
  if (typeof said === 'string') return cleaner.text(said, MAX_SAID);
  if (Array.isArray(said)) return said.slice(0, MAX_SAID_ENTRIES).map((entry) => briefly(entry, cleaner));
  if (!isObject(said)) return said;
  return Object.fromEntries(Object.entries(said).map(([name, member]) => [name, briefly(member, cleaner)]));
}

/** Cleans data, and cuts it if it is over the budget and the tool's output allows that. */
function fitToBudget(
  data: JsonObject,
  position: Position | undefined,
  { tool, cleaner, budget }: Omit<ReleaseOptions, 'requestId'>,
): Trimmed {
  const exempt = exemptOf(tool);
  if (tool.items !== undefined && position !== undefined) {
    return cutToFit(data, tool.items, position, budget, (rest, members) => cleaner.list(rest, members, exempt));
  }
  const clean = cleaner.value(data, exempt);
  if ('truncated' in tool.output.shape) return cutObject(clean, budget, cleaner.isCut);
  return { data: clean, text: JSON.stringify(clean) };
}

const known = new WeakMap<Tool, Exempt>();

function exemptOf(tool: Tool): Exempt {
  const remembered = known.get(tool);
  if (remembered !== undefined) return remembered;
  const { discloses = [], publishes = [], items } = tool;
  const found = exempting([...discloses, ...publishes, ...(items === undefined ? [] : PAGE_TOKENS)]);
  known.set(tool, found);
  return found;
}
