import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { pagesOf } from './pages.ts';
import { path } from './path.ts';

const Provided = z.object({ provider_key: z.string() });

/**
 * Reads a list that is narrowed to a provider, whatever its case: the API compares exactly, and an empty list would read
 * as “there is none”. An answer without entries is asked for once more in the spelling of the app connections, or, where
 * none of them has that provider, in capitals.
 * @param ask reads the list for a provider
 * @returns the API's answer, unchecked
 */
export async function inAnyCase(
  api: Api,
  provider: string | undefined,
  ask: (provider: string | undefined) => Promise<unknown>,
): Promise<unknown> {
  // A page token belongs to the spelling with which the first page was found, and is refused with another one.
  const first = await ask(provider).catch((error: unknown) => {
    if (provider === undefined || !isRefused(error)) throw error;
    return error;
  });
  if (provider === undefined || holdsEntries(first)) return first;
  const spelling = (await spellingOf(api, provider)) ?? provider.toUpperCase();
  if (first instanceof ToolError) {
    if (spelling === provider) throw first;
    return ask(spelling);
  }
  if (spelling === provider) return first;
  // The last page may be empty, and its token is refused with any other spelling: the first answer stands then.
  return ask(spelling).catch((error: unknown) => {
    if (!isRefused(error)) throw error;
    return first;
  });
}

/** How the app connections spell a provider (`GET /connections/app`); `undefined` when none has it, or none is shown. */
async function spellingOf(api: Api, provider: string): Promise<string | undefined> {
  const known: string[] = [];
  try {
    const pages = pagesOf(api, path`/connections/app`, { page_size: 30 }, 'connections', Provided);
    for await (const { entries } of pages) {
      for (const { provider_key: key } of entries) if (isSame(key, provider)) known.push(key);
      if (known.includes(provider)) return provider;
    }
  } catch (error) {
    // Who may read the list that was asked for may lack the right to this one.
    if (!(error instanceof ToolError) || error.code === 'cancelled') throw error;
  }
  return known[0];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isRefused(error: unknown): boolean {
  return error instanceof ToolError && error.code === 'invalid_request';
}

/** Whether an answer is in any of its members a list with entries. */
function holdsEntries(answer: unknown): boolean {
  return isObject(answer) && Object.values(answer).some((member) => Array.isArray(member) && member.length > 0);
}
