import { spelled } from '../access/surface.ts';
import { ERRORS_MARKDOWN_PATH, INFO_PATH, MARKDOWN_PATH, TOOLS_MARKDOWN_PATH } from '../http/origin.ts';
import type { Step } from '../install/clients.ts';
import { statesOf, whatItIs } from './facts.ts';
import { clientsFor, type Front, offeredBy } from './front.ts';
import { CARD_PATHS, LLMS_PATH } from './routes.ts';
import { sentencesFor } from './sentences.ts';
import { groupsOf } from './tool-groups.ts';

/** The front page for agents: the same facts, in Markdown. */
export function frontMarkdown(front: Front): string {
  const { origin, endpoint, surface, whole, problem, health } = front;
  const scopes = spelled(surface, surface.scopes).map((scope) => `\`${scope}\``);
  return `# Scalekit MCP server

${whatItIs(front)}

- Address: ${endpoint}
- Transport: Streamable HTTP (\`http\`), protected by OAuth 2.1: a client without a token gets 401 with the address of the metadata
- Listed with this address: ${surface.tools.size} tools; scopes: ${scopes.length > 0 ? scopes.join(', ') : 'none'}
${problem === undefined ? '' : `- Not in this address: ${problem}\n`}
## Connect a client

${clientsFor(front)
  .map(
    ({ name, tried, steps }) =>
      `### ${name}${tried === undefined ? '' : ` (tried: ${tried})`}\n\n${steps.map(stepOf).join('\n\n')}`,
  )
  .join('\n\n')}

## Show it less

The query of the address narrows what a client sees, here and at ${origin}${MARKDOWN_PATH}: \`toolsets=\` and \`tools=\` name some, separated by commas, \`read_only=true\` leaves out what changes something${
    whole.realm.mode === 'workspace' ? ', `environment=env_…` keeps every call in one environment' : ''
  }.

## What to say

${sentencesFor(offeredBy(whole))
  .map((sentence) => `- ${sentence}`)
  .join('\n')}

## Toolsets

${groupsOf(whole)
  .map(({ name, title, tools }) => `- \`${name}\`: ${title}, ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}`)
  .join('\n')}

## Status

${statesOf(health)
  .map(([name, , words]) => `- ${name}: ${words}`)
  .join('\n')}

## Links

- ${origin}${INFO_PATH}: this page for people
- ${origin}${TOOLS_MARKDOWN_PATH}: every tool, with its scope and what it does
- ${origin}${ERRORS_MARKDOWN_PATH}: what errors mean, and what to do
- ${origin}/health: status, as JSON
- ${origin}${LLMS_PATH}: what there is to read here
- ${origin}${CARD_PATHS[0]}: the server card, for clients that look for servers
- ${origin}/.well-known/oauth-protected-resource/mcp: metadata of the protected resource (RFC 9728)
- https://docs.scalekit.com: Scalekit’s documentation
`;
}

function stepOf(step: Step): string {
  if (step.kind === 'link') return `[${step.label}](${step.web ?? step.href})`;
  if (step.kind === 'note') return step.text;
  const block = `\`\`\`\n${step.text}\n\`\`\``;
  return step.kind === 'file' && step.path !== undefined ? `\`${step.path}\`:\n\n${block}` : block;
}
