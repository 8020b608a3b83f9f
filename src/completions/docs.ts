import { docs } from '../tools/docs.ts';
import { completer, fits } from './completer.ts';

/** The paths of pages of the documentation, by path or title. */
export const docsPaths = completer({
  name: 'complete_docs_path',
  toolset: docs.name,
  area: 'workspace',
  place: 'workspace',
  scope: null,
  find: async ({ value }, { documentation, signal }) => {
    const { pages } = await documentation.library(signal);
    const values = pages.filter(({ path, title }) => fits(value, [path, title])).map(({ path }) => path);
    return { values, hasMore: false, total: values.length };
  },
});
