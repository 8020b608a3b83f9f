import { z } from 'zod';
import { WholeNumber } from '../../core/whole-number.ts';
import { Word } from '../../core/word.ts';

const timeouts = {
  absolute_session_timeout: WholeNumber.nullish().describe('After so long people sign in again, whatever they do'),
  absolute_session_timeout_unit: Word.nullish().describe('Usually MINUTES'),
  idle_session_timeout_enabled: z.boolean().nullish(),
  idle_session_timeout: WholeNumber.nullish().describe('After so long without doing anything'),
  idle_session_timeout_unit: Word.nullish(),
};

/** How long sessions in one organization last (`scalekit.v1.organizations.OrganizationSessionPolicySettings`). */
export const SessionPolicy = z.object({
  policy_source: Word.nullish().describe('APPLICATION: what the application has; CUSTOM: its own'),
  ...timeouts,
});

/** How long sessions last elsewhere (`scalekit.v1.organizations.ApplicationSessionPolicySettings`). */
export const ApplicationPolicy = z.object({
  ...timeouts,
  access_token_expiry: WholeNumber.nullish().describe('Minutes; a timeout of its own must be longer'),
});
