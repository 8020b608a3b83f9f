import { z } from 'zod';
import { ToolError } from '../core/errors.ts';
import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { heldText } from './fields/texts.ts';

/** So many tools are shown, with their arguments. */
const MOST = 6;

const Found = z.object({
  name: z.string(),
  toolset: z.string(),
  description: z.string(),
  effect: z.enum(['read', 'add', 'overwrite', 'destroy']),
  scope: z.string().optional().describe('The scope that it needs'),
  granted: z.boolean().describe('Whether your sign-in has that scope'),
  input_schema: z.looseObject({}),
});

/** The tools that are not listed, found and called. */
export const discovery = toolset('discovery', { area: 'workspace', place: 'workspace' }, (t) => [
  t.read('find_tools', {
    foundBy: 'is there a tool for something, what else can you do',
    description: 'Find further tools by what they do, with their arguments for call_tool.',
    scope: null,
    input: { query: heldText(200).describe('Such as delete user, SCIM directory') },
    output: { tools: z.array(Found) },
    run: async ({ query }, { findTools }) => ({
      tools: (await findTools(query, MOST)).map(({ isGranted, inputSchema, outputSchema: _, scopes, ...tool }) => ({
        ...tool,
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
        granted: isGranted,
        input_schema: inputSchema,
      })),
    }),
  }),

  t.overwrite('call_tool', {
    description: 'Call a tool that find_tools has found.',
    scope: null,
    openWorld: true,
    repeatable: false,
    standsForAnother: true,
    input: {
      name: heldText(64),
      arguments: z.record(z.string(), z.unknown()).optional().describe('By its input_schema'),
    },
    does: ({ name }) => sentence`Call the tool ${name}.`,
    output: {},
    // A call of a tool that can be reached is decided on, and runs, as a call of that tool.
    async run({ name }, { findTools }) {
      const near = (await findTools(name, 3)).map((tool) => tool.name);
      const meant = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
      throw new ToolError('invalid_arguments', `No tool of this name can be called here.${meant}`, {
        field: 'name',
        nextTool: 'find_tools',
      });
    },
  }),
]);
