import { ERROR_CODES } from '../core/errors.ts';
import { OAUTH_ERRORS } from '../http/oauth-errors.ts';
import { ERRORS_MARKDOWN_PATH, ERRORS_PATH } from '../http/origin.ts';
import { type Html, html, prose } from './html.ts';
import { type InTwoForms, lasting, type Page } from './page.ts';
import { SYMPTOMS, SYMPTOMS_OF, type Symptom } from './symptoms.ts';

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

/**
 * The handlers of the page that explains every error, by what one sees of it. It is made from the tables that define the
 * errors.
 */
export function errorsPage(): InTwoForms {
  const groups = Object.entries(SYMPTOMS).map(([symptom, sees]) => ({ sees, symptom, ...codesOf(symptom as Symptom) }));
  const index = groups.map(
    ({ symptom, sees, own, others }) => html`<li><a href="#${symptom}">${prose(sees)}</a>
<span>${[...own, ...others].map((code) => html`${linkTo(code)} `)}</span></li>
`,
  );
  const explanations = explanationsByCode();
  const main = groups.map(
    ({ symptom, sees, own, others }) => html`<h2 id="${symptom}">${prose(sees)}</h2>
${own.map((code) => section(code, explanations.get(code) ?? []))}${
  others.length > 0 &&
  html`<p>It may also be ${others.map((code, index) => html`${index > 0 && ' or '}${linkTo(code)}`)}.</p>\n`
}`,
  );
  const page: Page = {
    title: 'Errors',
    markdown: ERRORS_MARKDOWN_PATH,
    main: html`<h1>Errors</h1>
<p>${prose(INTRO)}</p>
<nav class="symptoms" aria-label="What you see"><ul>
${index}</ul></nav>
${main}`,
  };
  const texts = groups.map(({ sees, own, others }) => markdownOf(sees, own, others, explanations));
  return lasting({ path: ERRORS_PATH, page, markdown: `# Errors\n\n${INTRO}\n\n${texts.join('\n')}` });
}

/** The codes of a group: those that have their entry in it, and those that have it elsewhere. */
function codesOf(symptom: Symptom): { readonly own: readonly string[]; readonly others: readonly string[] } {
  const codes = Object.entries(SYMPTOMS_OF).filter(([, symptoms]) => symptoms.includes(symptom));
  const isOwn = ([, [first]]: (typeof codes)[number]) => first === symptom;
  const names = (entries: typeof codes) => entries.map(([code]) => code);
  return { own: names(codes.filter(isOwn)), others: names(codes.filter((entry) => !isOwn(entry))) };
}

function linkTo(code: string): Html {
  return html`<a href="#${code}"><code>${code}</code></a>`;
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

function section(code: string, explanations: readonly Explanation[]): Html {
  const parts = explanations.map(
    ({ appears, meaning, client, person }) => html`<h4>${prose(appears)}</h4>
<dl>
<dt>Meaning</dt><dd>${prose(meaning)}</dd>
<dt>Client</dt><dd>${prose(client)}</dd>
<dt>Person</dt><dd>${prose(person)}</dd>
</dl>
`,
  );
  return html`<section id="${code}">
<h3>${linkTo(code)}</h3>
${parts}</section>
`;
}

function markdownOf(
  sees: string,
  own: readonly string[],
  others: readonly string[],
  explanations: ReadonlyMap<string, readonly Explanation[]>,
): string {
  const entries = own.map((code) => `### ${code}\n\n${(explanations.get(code) ?? []).map(partOf).join('\n')}`);
  const also = others.map((code) => `[\`${code}\`](#${code})`).join(' or ');
  return [`## ${sees}\n`, ...entries, ...(also === '' ? [] : [`It may also be ${also}.\n`])].join('\n');
}

function partOf({ appears, meaning, client, person }: Explanation): string {
  return `${appears}:\n\n- Meaning: ${meaning}\n- Client: ${client}\n- Person: ${person}\n`;
}
