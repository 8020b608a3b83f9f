import type { RequestHandler } from 'express';
import { ERROR_CODES } from '../core/errors.ts';
import { OAUTH_ERRORS } from '../http/oauth-errors.ts';
import { page, prose } from './page.ts';

/** The texts about a code in one of the two kinds of answer in which it can appear. */
interface Explanation {
  readonly appears: string;
  readonly meaning: string;
  readonly client: string;
  readonly person: string;
}

const INTRO = `What this server refuses over HTTP carries one of these codes as \`error\`, with a link to its entry here as
\`error_uri\`: in the \`data\` of a JSON-RPC error at the MCP endpoint, in the body elsewhere. The result of a tool that
failed carries one as \`code\`, beside a \`message\` and whatever helps to go on.`;

/** The handler of the page that explains every error. It is made from the tables that define the errors. */
export function errorsPage(): RequestHandler {
  const codes = [...explanationsByCode()].sort(([a], [b]) => (a < b ? -1 : 1));
  const index = codes.map(([code]) => `<li><a href="#${code}"><code>${code}</code></a></li>`);
  return page(
    'Errors',
    `<h1>Errors</h1>
<p>${prose(INTRO)}</p>
<nav aria-label="Error codes"><ul>
${index.join('\n')}
</ul></nav>
${codes.map(([code, explanations]) => section(code, explanations)).join('\n')}`,
  );
}

/** The explanations of each code. A code that is in both tables has two. */
function explanationsByCode(): Map<string, Explanation[]> {
  const found = new Map<string, Explanation[]>();
  const add = (code: string, one: Explanation) => found.set(code, [...(found.get(code) ?? []), one]);
  for (const [code, texts] of Object.entries(OAUTH_ERRORS)) add(code, { appears: 'In an HTTP answer', ...texts });
  for (const [code, { retryable, ...texts }] of Object.entries(ERROR_CODES)) {
    const usually = retryable ? 'usually worth repeating' : 'not worth repeating unchanged';
    add(code, { appears: `In the result of a tool, ${usually}`, ...texts });
  }
  return found;
}

function section(code: string, explanations: readonly Explanation[]): string {
  const parts = explanations.map(
    ({ appears, meaning, client, person }) => `<h3>${prose(appears)}</h3>
<dl>
<dt>Meaning</dt><dd>${prose(meaning)}</dd>
<dt>Client</dt><dd>${prose(client)}</dd>
<dt>Person</dt><dd>${prose(person)}</dd>
</dl>`,
  );
  return `<section id="${code}">
<h2><a href="#${code}"><code>${code}</code></a></h2>
${parts.join('\n')}
</section>`;
}
