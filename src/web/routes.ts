import {
  ERRORS_MARKDOWN_PATH,
  ERRORS_PATH,
  HOME_PATH,
  INFO_PATH,
  MARKDOWN_PATH,
  TOOLS_MARKDOWN_PATH,
  TOOLS_PATH,
} from '../http/origin.ts';

// What is known of pages before the first one is asked for: nothing but where they are.

/** Where models look for what a site has to say to them (llmstxt.org). */
export const LLMS_PATH = '/llms.txt';
/**
 * Where the server card is: at the URL of an endpoint with `/server-card` behind it, as MCP reserves it (Server Card
 * extension, "Hosted Server Card Location").
 */
export const CARD_PATHS = ['/mcp/server-card', '/server-card'] as const;
/** Where a domain says which servers it has (the same extension, "Well-Known URI"). */
export const CATALOG_PATH = '/.well-known/ai-catalog.json';
/** Where OpenAI looks for the proof that whoever submits an app operates its server. */
const CHALLENGE_PATH = '/.well-known/openai-apps-challenge';

/** The paths of each page, and of what is served beside them. */
export const PAGE_PATHS = {
  front: [HOME_PATH, `${HOME_PATH}/`, INFO_PATH, `${INFO_PATH}/`],
  frontMarkdown: [MARKDOWN_PATH],
  tools: [TOOLS_PATH, `${TOOLS_PATH}/`],
  toolsMarkdown: [TOOLS_MARKDOWN_PATH],
  errors: [ERRORS_PATH, `${ERRORS_PATH}/`],
  errorsMarkdown: [ERRORS_MARKDOWN_PATH],
  llms: [LLMS_PATH],
  serverCard: [...CARD_PATHS],
  aiCatalog: [CATALOG_PATH],
  openAiChallenge: [CHALLENGE_PATH],
  icons: ['/icons/:file'],
  assets: ['/assets/:file'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PageName = keyof typeof PAGE_PATHS;
