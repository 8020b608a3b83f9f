import type { JsonObject } from '../core/json.ts';
import { type Confirmable, failure, preview, type Result, success } from '../core/result.ts';
import type { Tool } from '../core/tool.ts';
import { type Cleaner, type Exempt, exempting } from './clean.ts';
import { cutToFit, type Position, type Trimmed } from './long-list.ts';
import { cutObject } from './long-object.ts';

/** What a call came to, before anything of it may leave. */
export type Unreleased =
  | {
      readonly kind: 'success';
      readonly data: JsonObject;
      /** Where the page begins, for lists that are cut to size. */
      readonly position: Position | undefined;
    }
  | { readonly kind: 'preview'; readonly confirmable: Confirmable }
  | { readonly kind: 'failure'; readonly error: unknown };

/** How a unreleased is released. */
export interface ReleaseOptions {
  readonly tool: Tool;
  readonly cleaner: Cleaner;
  /** The longest list, in characters of JSON. */
  readonly budget: number;
  readonly requestId: string;
}

/** The API alone understands page tokens, whatever they look like. Without them, a list could not be continued. */
const PAGE_TOKENS = ['next_page_token', 'prev_page_token'];
/** Finds a failed call in the log. Clients may choose it, so that it may look like anything. */
const REQUEST_ID: Exempt = exempting(['requestId']);

/**
 * The one way out: every result of every tool passes here, success, preview or failure, on its way to the client.
 * Secrets and invisible characters stay behind, what is too long is cut, and only then is anything put into text.
 */
export function release(unreleased: Unreleased, { tool, cleaner, budget, requestId }: ReleaseOptions): Result {
  if (unreleased.kind === 'failure') {
    const { error } = failure(unreleased.error, requestId);
    return { kind: 'failure', error: cleaner.value(error, REQUEST_ID) };
  }
  if (unreleased.kind === 'preview') {
    const { confirmable } = unreleased;
    const shown = cutObject(cleaner.value(confirmable.preview), budget);
    return preview({ ...confirmable, preview: shown.data }, requestId);
  }
  const data = cleaner.value(unreleased.data, exemptOf(tool));
  const trimmed = fitToBudget(tool, data, unreleased.position, budget);
  return success(trimmed.data, trimmed.text, tool.discloses);
}

/** Cuts what is too long where the tool's output allows for it. */
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
