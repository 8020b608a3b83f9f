import { whatNow } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { type Confirmable, preview, type Result, success, textsAt } from '../core/result.ts';
import type { Tool } from '../core/tool.ts';
import { type Cleaner, type Exempt, exempting } from './clean.ts';
import { lengthOf, releaseFailure } from './failure.ts';
import { cutToFit, type Position, type Trimmed } from './long-list.ts';
import { cutObject } from './long-object.ts';
import { SHORTEST_TEXT, shortenTexts } from './shorten.ts';

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

/** A result is no longer than that, in characters of its text, or than the budget if that is more. */
const LONGEST_RESULT = 12_000;

/** Page tokens may look like secrets, but without them a list could not be continued. */
const PAGE_TOKENS = ['next_page_token', 'prev_page_token'];

/**
 * Prepares a result for the client. Every result of every tool passes through here: success, preview or failure.
 * Secrets and invisible characters are removed, what is too long is cut, and then the data is serialized. What cannot be
 * made short enough, because it has too many parts, is a failure: no result fills the context of a model.
 */
export function release(unreleased: Unreleased, options: ReleaseOptions): Result {
  if (unreleased.kind === 'failure') return releaseFailure(unreleased.error, options);
  if (unreleased.kind === 'success' && options.tool.isWhole) return releaseWhole(unreleased.data, options);
  const most = Math.max(options.budget, LONGEST_RESULT);
  const result =
    unreleased.kind === 'preview'
      ? releasePreview(unreleased, options, most)
      : releaseSuccess(unreleased, options, most);
  if (lengthOf(result) <= most) return result;
  return releaseFailure(
    unreleased.kind === 'preview' ? tooMuchToConfirm() : tooLong(options.tool.effect === 'read'),
    options,
  );
}

function releaseWhole(data: JsonObject, { tool, cleaner }: ReleaseOptions): Result {
  const clean = cleaner.value(data, exemptOf(tool));
  return success(clean, JSON.stringify(clean), tool.discloses);
}

function releasePreview(
  { confirmable, hasChanged }: Extract<Unreleased, { kind: 'preview' }>,
  { cleaner, budget, requestId }: ReleaseOptions,
  most: number,
): Result {
  if (confirmable.preview === undefined) return preview(confirmable, requestId, hasChanged);
  const clean = cleaner.value(confirmable.preview);
  const show = (data: JsonObject) => preview({ ...confirmable, preview: data }, requestId, hasChanged);
  // What stands around the preview counts as well.
  const frame = JSON.stringify(show({})).length;
  const { data } = cutObject(clean, budget - frame, cleaner.isCut);
  const result = show(data);
  if (lengthOf(result) <= most) return result;
  return show(shortenTexts(data, most - frame, { least: SHORTEST_TEXT }) ?? data);
}

function releaseSuccess(
  { data, position }: Extract<Unreleased, { kind: 'success' }>,
  { tool, cleaner, budget }: ReleaseOptions,
  most: number,
): Result {
  const trimmed = fitToBudget(data, position, { tool, cleaner, budget });
  const { data: fitting, text } = trimmed.text.length <= most ? trimmed : withShortestTexts(trimmed, tool, most);
  return success(fitting, text, tool.discloses);
}

/** Shortens texts that are short already. */
function withShortestTexts({ data, text }: Trimmed, tool: Tool, most: number): Trimmed {
  const shorter = shortenTexts(data, most, { least: SHORTEST_TEXT, whole: wholeTextsIn(data, tool) });
  return shorter === undefined ? { data, text } : { data: shorter, text: JSON.stringify(shorter) };
}

/** No secret is longer, in characters, and no token of a page. */
const LONGEST_WHOLE = LONGEST_RESULT / 2;

/** What is of no use without its end: secrets that nothing shows again, and the tokens with which a list goes on. */
function wholeTextsIn(data: JsonObject, { discloses = [] }: Tool): ReadonlySet<string> {
  const texts = [...discloses, ...PAGE_TOKENS].flatMap((path) => textsAt(data, path));
  return new Set(texts.filter(({ length }) => length <= LONGEST_WHOLE));
}

function tooLong(isRead: boolean): ToolError {
  const message = 'Scalekit answered with more than a result of this server holds, whatever is left out of it.';
  return new ToolError('unexpected_response', isRead ? message : `${message} ${whatNow(false)}`);
}

/** Refuses a call of which nobody could be shown all that it is about to do before they agree. */
export function tooMuchToConfirm(): ToolError {
  return new ToolError(
    'invalid_arguments',
    'Nothing was changed. This call must be confirmed, and it has more values than anybody reads before agreeing. Make several calls of it, each with a part of the values.',
  );
}

/** Cleans data, and cuts it if it is over the budget: lists and objects of any form where the tool's output allows that. */
function fitToBudget(
  data: JsonObject,
  position: Position | undefined,
  { tool, cleaner, budget }: Omit<ReleaseOptions, 'requestId'>,
): Trimmed {
  const exempt = exemptOf(tool);
  if (tool.items !== undefined && position !== undefined) {
    return cutToFit(data, tool.items, position, budget, {
      clean: (rest, members) => cleaner.list(rest, members, exempt),
      wholeIn: (list) => wholeTextsIn(list, tool),
    });
  }
  const clean = cleaner.value(data, exempt);
  const whole = wholeTextsIn(clean, tool);
  if ('truncated' in tool.output.shape) return cutObject(clean, budget, cleaner.isCut, { whole });
  const text = JSON.stringify(clean);
  // Nothing but texts can be long in it.
  const shorter = text.length <= budget ? undefined : shortenTexts(clean, budget, { whole });
  return shorter === undefined ? { data: clean, text } : { data: shorter, text: JSON.stringify(shorter) };
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
