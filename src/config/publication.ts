import { text, type ValuesOf } from './values.ts';

/** What the operator publishes beside the server, for those who list it. */
export interface PublicationConfig {
  /** What OpenAI wants to find at this server from whoever submits it as an app. */
  readonly openAiChallenge: string | undefined;
}

export const PUBLICATION_VARIABLES = {
  OPENAI_APPS_CHALLENGE: text
    .regex(/^[\x21-\x7e]{1,500}$/, 'must be the token as OpenAI shows it: one word of at most 500 characters')
    .optional(),
} as const;

/**
 * Reads the settings from the variables.
 * @param values each checked by its own schema
 */
export function readPublication({
  OPENAI_APPS_CHALLENGE: openAiChallenge,
}: ValuesOf<typeof PUBLICATION_VARIABLES>): PublicationConfig {
  return { openAiChallenge };
}
