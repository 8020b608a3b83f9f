import { z } from 'zod';
import type { Reader } from '../core/api.ts';
import { ToolError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import type { PageQuery } from '../core/paging.ts';
import type { ToolContext } from '../core/tool.ts';
import { Environment } from './entities/environment.ts';
import { path } from './path.ts';
import { Counts, readStatusInShort } from './status.ts';

/** So many environments are looked into by one call, with five requests for each. */
export const MOST_ENVIRONMENTS = 10;

/** How one environment of several stands. */
export const EnvironmentStatus = Environment.pick({ id: true, display_name: true, type: true }).extend({
  counts: Counts.optional(),
  unfinished: z.array(z.string()).optional().describe('get_status tells what finishes it'),
  not_read: z.array(z.string()).optional().describe('What your role in the workspace, or the plan, does not show'),
  failure: z.string().optional().describe('Why this environment was not read; the others were'),
});
type EnvironmentStatus = z.output<typeof EnvironmentStatus>;

const Listed = Environment.pick({ id: true, display_name: true, type: true, domain: true });

/**
 * How the environments of a page of their list stand (`GET /environments`, and in each what `readStatusInShort` reads), side
 * by side. What goes wrong in one of them is told in its place.
 * @returns the answer of the list, with a row in place of each entry; an entry that cannot be read stays as it is
 * @throws ToolError when the list cannot be read, or none of the environments
 */
export async function readWorkspaceStatus({ api, readIn }: Pick<ToolContext, 'api' | 'readIn'>, page: PageQuery) {
  const answer = await api.get(path`/environments`, { ...page, page_size: page.page_size ?? MOST_ENVIRONMENTS });
  if (!isObject(answer) || !Array.isArray(answer['environments'])) return answer;
  const errors: ToolError[] = [];
  const read = async (one: unknown, i: number) => {
    const { data } = Listed.safeParse(one);
    if (data === undefined) return one;
    const { domain, ...shown } = data;
    if (i >= MOST_ENVIRONMENTS) return { ...shown, failure: TOO_MANY };
    return rowOf(shown, () => readIn({ id: data.id, domain: domain ?? '' }), errors);
  };
  const environments = await inLanes(answer['environments'], read);
  const [first] = errors;
  if (first !== undefined && errors.length === environments.length) throw first;
  return { ...answer, environments };
}

/** So many environments are looked into side by side, so that other calls of the person find connections left. */
const LANES = 2;

/** The results of work on each entry, in their order. */
async function inLanes<Entry, Result>(
  entries: readonly Entry[],
  work: (entry: Entry, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = entries.entries();
  const lane = async () => {
    for (const [at, entry] of left) results[at] = await work(entry, at);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** For an API that has put more on a page than it was asked for. */
const TOO_MANY = `No more than ${MOST_ENVIRONMENTS} environments are looked into at once: get_status looks into this one.`;

async function rowOf(
  shown: Pick<EnvironmentStatus, 'id' | 'display_name' | 'type'>,
  reader: () => Reader,
  errors: ToolError[],
): Promise<EnvironmentStatus> {
  try {
    const { counts, unfinished, not_read } = await readStatusInShort(reader());
    return {
      ...shown,
      counts: counts as z.output<typeof Counts>,
      unfinished: unfinished.map(({ what }) => what),
      not_read,
    };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    errors.push(error);
    return { ...shown, failure: error.message };
  }
}
