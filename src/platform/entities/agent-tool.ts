import { z } from 'zod';

/** A tool that agents run in a third-party service (`scalekit.v1.tools.Tool`). */
export const AgentTool = z.object({
  id: z.string(),
  provider: z.string().nullish(),
  /** Any JSON object, unchanged. */
  definition: z
    .looseObject({ name: z.string().nullish(), description: z.string().nullish() })
    .nullish()
    .describe('Its name, description and input_schema'),
  tags: z.array(z.string()).nullish(),
  is_default: z.boolean().nullish(),
  updated_at: z.string().nullish(),
});
