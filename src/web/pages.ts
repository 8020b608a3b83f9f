import type { RequestHandler } from 'express';
import { assets } from './assets.ts';
import { aiCatalog, openAiChallenge, serverCard } from './discovery.ts';
import { errorsPage } from './errors-page.ts';
import type { FrontSources } from './front.ts';
import { frontPage } from './front-page.ts';
import { icons } from './icons.ts';
import { llmsFile } from './llms.ts';
import type { PageName } from './routes.ts';
import { toolsPage } from './tools-page.ts';

export interface PageSources {
  readonly front: FrontSources;
  /** What OpenAI has told the operator to publish. */
  readonly openAiChallenge: string | undefined;
}

/** The handler of each page, and of what is served beside them. */
export function pagesOf({ front: sources, openAiChallenge: token }: PageSources): Record<PageName, RequestHandler> {
  const front = frontPage(sources);
  const tools = toolsPage(sources);
  const errors = errorsPage();
  return {
    front: front.page,
    frontMarkdown: front.markdown,
    tools: tools.page,
    toolsMarkdown: tools.markdown,
    errors: errors.page,
    errorsMarkdown: errors.markdown,
    llms: llmsFile(sources),
    serverCard,
    aiCatalog,
    openAiChallenge: openAiChallenge(token),
    icons,
    assets,
  };
}
