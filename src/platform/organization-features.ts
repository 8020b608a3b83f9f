import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireCameTrue } from './came-true.ts';
import { Organization } from './entities/organization.ts';
import { path } from './path.ts';
import { LostUpdate, readBack, untilItStands } from './read-back.ts';

interface Feature {
  readonly name: string;
  readonly enabled?: boolean | null | undefined;
}

/** Stricter than the schema of what is shown, because every feature has to be written again and must not be lost. */
const Features = z.array(z.object({ name: z.string().min(1), enabled: z.boolean().nullish() }));
const Current = z.object({
  organization: Organization.extend({ settings: z.object({ features: Features.nullish() }).nullish() }),
});
type Current = z.output<typeof Current>;

const NEXT_TOOL = 'get_organization_details';

/** The features that are known by name. The API takes any other name as well. */
const KNOWN = ['sso', 'dir_sync'];

/**
 * Switches features of an organization (`PATCH /organizations/{id}/settings`), and reads it again to check all
 * features.
 * @returns the organization as it is afterwards
 * @throws ToolError `invalid_arguments` for a known feature in another spelling, which would stand beside the real one;
 *   LostUpdate when others go on changing features at the same time
 */
export function switchFeatures(api: Api, id: string, changes: readonly Feature[]): Promise<Current> {
  return api.inTurn(path`/organizations/${id}/settings`, () => untilItStands(() => switchOnce(api, id, changes)));
}

async function switchOnce(api: Api, id: string, changes: readonly Feature[]): Promise<Current> {
  const before = featuresOf(await current(api, id));
  refuseOtherSpellings(changes, before);
  const features = merge(before, changes);
  requireSwitched(changes, await api.patch(path`/organizations/${id}/settings`, { features }));
  const now = await readBack(current(api, id), NEXT_TOOL);
  const lost = differing(features, featuresOf(now));
  if (lost.length === 0) return now;
  const isOwn = changes.some(({ name }) => lost.includes(name));
  const loss = isOwn ? 'A feature that this call switched' : 'Another feature';
  throw new LostUpdate(`${loss} is not as this call left it.`, NEXT_TOOL);
}

/** The name of a feature without what is most often mistaken in it: case and separators. */
export function lettersOf(feature: string): string {
  return feature.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** How many spellings of one name an error lists. */
const MAX_ALLOWED = 5;

function refuseOtherSpellings(changes: readonly Feature[], present: readonly Feature[]): void {
  const names = new Set([...KNOWN, ...present.map(({ name }) => name)]);
  const byLetters = new Map<string, string[]>();
  for (const name of names) {
    const letters = lettersOf(name);
    const others = byLetters.get(letters) ?? [];
    if (others.length < MAX_ALLOWED) byLetters.set(letters, [...others, name]);
  }
  for (const [i, { name }] of changes.entries()) {
    const allowed = names.has(name) ? [] : (byLetters.get(lettersOf(name)) ?? []);
    if (allowed.length === 0) continue;
    const message = 'Nothing was changed: a feature of that name is spelt otherwise. Take one of `allowed`.';
    throw new ToolError('invalid_arguments', message, { field: `feature.${i}.name`, allowed });
  }
}

/**
 * Compares the changes with the answer to the write, where it shows features: what is not in there was ignored, not
 * overwritten, and would be ignored again.
 * @throws ToolError `not_applied`
 */
function requireSwitched(changes: readonly Feature[], answer: unknown): void {
  const features = Current.safeParse(answer).data?.organization.settings?.features;
  if (!features) return;
  const shown = new Map(features.map(({ name, enabled }) => [name, enabled]));
  const asked = changes.map(({ name, enabled }, i) => [
    `feature.${i}.enabled`,
    { asked: enabled, shown: shown.get(name) },
  ]);
  requireCameTrue(Object.fromEntries(asked), NEXT_TOOL);
}

/** Reads the organization, with all features. */
async function current(api: Api, id: string): Promise<Current> {
  return checkAnswer(Current, await api.get(path`/organizations/${id}`));
}

function featuresOf({ organization }: Current): readonly Feature[] {
  return organization.settings?.features ?? [];
}

/** All features, with the changes. The API replaces the list as a whole, so it must contain what is to stay. */
function merge(current: readonly Feature[], changes: readonly Feature[]) {
  const enabled = new Map([...current, ...changes].map((feature) => [feature.name, feature.enabled ?? false]));
  return [...enabled].map(([name, isEnabled]) => ({ name, enabled: isEnabled }));
}

/** The names of the features that are not as they were written. A missing feature counts as off. */
function differing(written: readonly Feature[], now: readonly Feature[]): string[] {
  const enabled = new Map(now.map((feature) => [feature.name, feature.enabled ?? false]));
  return written.filter((feature) => (enabled.get(feature.name) ?? false) !== feature.enabled).map(({ name }) => name);
}
