import { TOPICS, type TopicName } from '../core/documentation.ts';
import type { IndexLink } from './site-index.ts';

/** Words that a part of the documentation is called by, today or earlier. The first topic with the most of them has it. */
const WORDS: Readonly<Record<TopicName, RegExp>> = {
  'full-stack-auth': /saaskit|full.?stack|\bfsa\b|user management|\bb2b\b/g,
  'agent-auth': /agentkit|agents?\b|token vault|connectors?\b/g,
  'mcp-auth': /\bmcp\b|model context protocol/g,
  'sso-scim': /\bsso\b|\bscim\b|single sign|director(y|ies)\b|enterprise/g,
  quickstart: /quick.?starts?\b|get(ting)? started|first steps/g,
  'api-sdk': /\bapis?\b|\bsdks?\b|reference/g,
  integrations: /integrations?\b|identity providers?\b/g,
  'm2m-auth': /\bm2m\b|machine|client credentials|service.to.service/g,
};

/** How much more a word counts in what a part is called than in what is said of it. */
const IN_NAME = 10;

/**
 * The topic that a part of the documentation belongs to by what it is called. Parts have been renamed before, so no name is
 * fixed. `undefined`: none of them.
 */
export function topicOf({ title, url, description }: IndexLink): TopicName | undefined {
  const name = `${title} ${url.pathname.replace(/[-_/.]+/g, ' ')}`.toLowerCase();
  let best: TopicName | undefined;
  let most = 0;
  for (const topic of TOPICS) {
    const score = IN_NAME * countOf(WORDS[topic], name) + countOf(WORDS[topic], description.toLowerCase());
    if (score > most) [best, most] = [topic, score];
  }
  return best;
}

function countOf(words: RegExp, text: string): number {
  return new Set(text.match(words)).size;
}
