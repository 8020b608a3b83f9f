import type { JsonObject } from '../core/json.ts';
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

/** Page tokens may look like secrets, but without them a list could not be continued. */
const PAGE_TOKENS = ['next_page_token', 'prev_page_token'];
/** The request id identifies a failed call in the log. Clients may choose it, so it may look like a secret. */
const REQUEST_ID: Exempt = exempting(['requestId']);

/**
 * Prepares a result for the client. Every result of every tool passes through here: success, preview or failure.
 * Secrets and invisible characters are removed, long lists are cut, and then the data is serialized.
 */
export function release(unreleased: Unreleased, { tool, cleaner, budget, requestId }: ReleaseOptions): Result {
  if (unreleased.kind === 'failure') {
    const { error } = failure(unreleased.error, requestId);
    return { kind: 'failure', error: cleaner.value(error, REQUEST_ID) };
  }
  if (unreleased.kind === 'preview') {
    const { confirmable, hasChanged } = unreleased;
    const show = (data: JsonObject) => preview({ ...confirmable, preview: data }, requestId, hasChanged);
    // What stands around the preview counts as well.
    const room = budget - JSON.stringify(show({})).length;
    return show(cutObject(cleaner.value(confirmable.preview), room).data);
  }
  const data = cleaner.value(unreleased.data, exemptOf(tool));
  const trimmed = fitToBudget(tool, data, unreleased.position, budget);
  return success(trimmed.data, trimmed.text, tool.discloses);
}

/** Cuts data that is over the budget, if the tool's output allows that. */
function fitToBudget(
  { items, output }: Tool,
  data: JsonObject,
  position: Position | undefined,
  budget: number,
): Trimmed {
  if (items !== undefined && position !== undefined) return cutToFit(data, items, position, budget);
  return 'truncated' in output.shape ? cutObject(data, budget) : { data, text: JSON.stringify(data) };
}

const known = new WeakMap<Tool, Exempt>();

function exemptOf(tool: Tool): Exempt {
  const remembered = known.get(tool);
  if (remembered !== undefined) return remembered;
  const found = exempting([...(tool.discloses ?? []), ...(tool.items === undefined ? [] : PAGE_TOKENS)]);
  known.set(tool, found);
  return found;
}
