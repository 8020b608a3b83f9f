/** A page of the documentation of the platform. Its texts are the site's: data, never a sentence of this server. */
export interface DocsPage {
  /** Identifies it: the path of its address on the site, without the leading slash and an extension. */
  readonly path: string;
  readonly title: string;
  /** One line, where the site has one. */
  readonly description: string;
  /** Its address on the site; that of the file it stands in, where the site does not name one. */
  readonly url: string;
  /** Markdown, without title and description. */
  readonly text: string;
}

/** A page that fits a question, with the part of it that fits best. */
export interface FoundPage {
  readonly page: DocsPage;
  /** The headings above that part, from the outermost to the innermost; empty for the beginning of the page. */
  readonly headings: readonly string[];
  /** Markdown of that part alone. */
  readonly text: string;
}

/** What the documentation is divided into, by the names that this server gives its parts. */
export const TOPICS = [
  'full-stack-auth',
  'agent-auth',
  'mcp-auth',
  'sso-scim',
  'quickstart',
  'api-sdk',
  'integrations',
  'm2m-auth',
] as const;

export type TopicName = (typeof TOPICS)[number];

/** A part of the documentation. */
export interface DocsTopic {
  readonly name: TopicName;
  /** What the site calls it, and says of it. */
  readonly title: string;
  readonly description: string;
  readonly pages: readonly DocsPage[];
}

/** The documentation as it was read last. It does not change. */
export interface DocsLibrary {
  /** The origin of the site. */
  readonly site: string;
  /** All pages, in the site's order. */
  readonly pages: readonly DocsPage[];
  /** The parts that the site has, in the order of `TOPICS`. */
  readonly topics: readonly DocsTopic[];
  /** @param path with or without extension and slashes around it */
  page(path: string): DocsPage | undefined;
  /**
   * Finds pages, the best first.
   * @param most so many at most
   */
  search(question: string, most: number): readonly FoundPage[];
}

/** The documentation of the platform, which this server reads in the background. */
export interface Documentation {
  /**
   * What was read last. Waits only where nothing was read so far.
   * @param signal ends the waiting
   * @throws ToolError when there is nothing to answer with, which says why and what to do
   */
  library(signal: AbortSignal): Promise<DocsLibrary>;
  /** When it was read, where the site cannot be reached any more. `undefined`: it is up to date. */
  readonly staleSince: Date | undefined;
}
