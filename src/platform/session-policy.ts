import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { type Asked, requireTold } from './came-true.ts';
import { ApplicationPolicy, SessionPolicy } from './entities/session-policy.ts';
import { askedWord, POLICY_SOURCES, wordOf } from './enum-words.ts';
import { path } from './path.ts';
import { aboutArguments, requireChange } from './refusal.ts';

const One = z.object({ policy: SessionPolicy });
type One = z.output<typeof One>;
type Policy = One['policy'];
const Application = z.object({ application_policy: ApplicationPolicy.nullish() });

const GET = 'get_organization_session_policy';
const [APPLICATION, CUSTOM] = POLICY_SOURCES;

function policyPath(organizationId: string) {
  return path`/organizations/${organizationId}/session-policy`;
}

async function readPolicy(api: Api, organizationId: string): Promise<One> {
  return checkAnswer(One, await api.get(policyPath(organizationId)));
}

/**
 * Reads how long sessions in an organization last (`GET /organizations/{id}/session-policy`).
 * @param withApplication and what the application has (`GET …/application-session-policy`), which is not published
 */
export async function showPolicy(api: Api, organizationId: string, withApplication: boolean) {
  if (!withApplication) return readPolicy(api, organizationId);
  const at = path`/organizations/${organizationId}/application-session-policy`;
  const [own, application] = await Promise.all([readPolicy(api, organizationId), api.get(at)]);
  return { ...own, ...checkAnswer(Application, application) };
}

/** What a policy is changed to, in minutes. What is left out stays as it is. */
interface Wanted {
  readonly policySource?: 'APPLICATION' | 'CUSTOM' | undefined;
  readonly absoluteTimeoutMinutes?: number | undefined;
  readonly idleTimeoutEnabled?: boolean | undefined;
  readonly idleTimeoutMinutes?: number | undefined;
}

/**
 * Changes how long sessions in an organization last (`PATCH /organizations/{id}/session-policy`). A policy of its own is
 * written whole, so that what the call leaves out stays.
 * @returns the policy, and the one before
 * @throws ToolError `invalid_arguments` for arguments that contradict each other; `not_applied`
 */
export function changePolicy(api: Api, organizationId: string, wanted: Wanted) {
  refuseContradictions(wanted);
  return api.inTurn(policyPath(organizationId), async () => {
    const { policy: before } = await readPolicy(api, organizationId);
    const whole = wanted.policySource === APPLICATION ? { policySource: APPLICATION } : wholeOf(before, wanted);
    const answer = await api.patch(policyPath(organizationId), bodyOf(whole)).catch((refusal) => {
      throw aboutArguments(refusal, [
        { at: 'absolute_session_timeout', field: 'absoluteTimeoutMinutes', nextTool: GET },
        { at: 'idle_session_timeout', field: 'idleTimeoutMinutes', nextTool: GET },
      ]);
    });
    const told = checkAnswer(One, answer, 'write');
    const { policy } = await requireTold(askedOf(whole), told, () => readPolicy(api, organizationId), GET);
    return { policy, previous_policy: before };
  });
}

function refuseContradictions(wanted: Wanted): void {
  requireChange({ ...wanted }, 'policySource');
  const { policySource, ...timeouts } = wanted;
  if (policySource === APPLICATION && Object.values(timeouts).some((value) => value !== undefined)) {
    const message = 'With policySource APPLICATION the timeouts are those of the application: leave them out.';
    throw new ToolError('invalid_arguments', message, { field: 'policySource' });
  }
  if (wanted.idleTimeoutEnabled === false && wanted.idleTimeoutMinutes !== undefined) {
    const message = 'idleTimeoutMinutes has no meaning with idleTimeoutEnabled false.';
    throw new ToolError('invalid_arguments', message, { field: 'idleTimeoutMinutes' });
  }
}

/** The whole policy as it is to be: that of the organization, as far as it has one, with the changes. */
function wholeOf(before: Policy, wanted: Wanted): Wanted {
  const own = wordOf(POLICY_SOURCES, before.policy_source) === CUSTOM ? before : {};
  const isGiven = wanted.idleTimeoutMinutes !== undefined || undefined;
  const idleTimeoutEnabled = wanted.idleTimeoutEnabled ?? isGiven ?? own.idle_session_timeout_enabled ?? undefined;
  return {
    policySource: CUSTOM,
    absoluteTimeoutMinutes:
      wanted.absoluteTimeoutMinutes ?? inMinutes(own.absolute_session_timeout, own.absolute_session_timeout_unit),
    idleTimeoutEnabled,
    idleTimeoutMinutes: idleTimeoutEnabled
      ? (wanted.idleTimeoutMinutes ?? inMinutes(own.idle_session_timeout, own.idle_session_timeout_unit))
      : undefined,
  };
}

function bodyOf({
  policySource,
  absoluteTimeoutMinutes: absolute,
  idleTimeoutEnabled,
  idleTimeoutMinutes: idle,
}: Wanted) {
  return {
    policy_source: policySource,
    absolute_session_timeout: absolute,
    absolute_session_timeout_unit: absolute === undefined ? undefined : 'MINUTES',
    idle_session_timeout_enabled: idleTimeoutEnabled,
    idle_session_timeout: idle,
    idle_session_timeout_unit: idle === undefined ? undefined : 'MINUTES',
  };
}

function askedOf(whole: Wanted): (answer: One) => Readonly<Record<string, Asked>> {
  return ({ policy }) => ({
    policySource: askedWord(POLICY_SOURCES, whole.policySource, policy.policy_source),
    absoluteTimeoutMinutes: {
      asked: whole.absoluteTimeoutMinutes,
      shown: inMinutes(policy.absolute_session_timeout, policy.absolute_session_timeout_unit),
    },
    idleTimeoutEnabled: { asked: whole.idleTimeoutEnabled, shown: policy.idle_session_timeout_enabled },
    idleTimeoutMinutes: {
      asked: whole.idleTimeoutMinutes,
      shown: inMinutes(policy.idle_session_timeout, policy.idle_session_timeout_unit),
    },
  });
}

const IN_MINUTES: Readonly<Record<string, number>> = { HOURS: 60, '2': 60, DAYS: 1440, '3': 1440 };

/** Documented: answers are always in minutes. */
function inMinutes(value: number | null | undefined, unit: string | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : value * (IN_MINUTES[unit?.toUpperCase() ?? ''] ?? 1);
}
