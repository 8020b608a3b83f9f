import { completer, fits } from './completer.ts';

/** The names of the tools that the caller's request can call. */
export const toolNames = completer({
  name: 'complete_tool_name',
  toolset: 'session',
  area: 'workspace',
  place: 'workspace',
  scope: null,
  find: ({ value }, { offered }) => {
    const values = offered
      .tools()
      .map(({ name }) => name)
      .filter((name) => fits(value, [name]));
    return { values, hasMore: false, total: values.length };
  },
});
