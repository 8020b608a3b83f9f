import { command } from './command.ts';
import { type Html, html } from './html.ts';

/** How a program forgets a server that it knows, and gets to know it anew. */
interface Reconnection {
  readonly program: string;
  readonly steps: readonly (readonly [kind: 'run' | 'do', text: string])[];
}

/** For each program, with the name `scalekit` that the README gives the server. */
function reconnections(url: string): readonly Reconnection[] {
  const run = (...commands: string[]) => commands.map((command) => ['run', command] as const);
  const act = (text: string) => ['do', text] as const;
  return [
    {
      program: 'Claude Code',
      steps: run('claude mcp remove scalekit', `claude mcp add --transport http scalekit ${url}`),
    },
    { program: 'Codex', steps: run('codex mcp remove scalekit', `codex mcp add scalekit --url ${url}`) },
    {
      program: 'Gemini CLI',
      steps: run(
        'gemini mcp remove --scope user scalekit',
        `gemini mcp add --transport http --scope user scalekit ${url}`,
      ),
    },
    {
      program: 'Qwen Code',
      steps: run('qwen mcp remove --scope user scalekit', `qwen mcp add --transport http --scope user scalekit ${url}`),
    },
    { program: 'opencode', steps: run('opencode mcp logout scalekit', 'opencode mcp auth scalekit') },
    { program: 'Kilo Code CLI', steps: run('kilo mcp logout scalekit', 'kilo mcp auth scalekit') },
    {
      program: 'GitHub Copilot CLI',
      steps: run('copilot mcp remove scalekit', `copilot mcp add --transport http scalekit ${url}`),
    },
    {
      program: 'Cline CLI',
      steps: run('cline mcp remove scalekit', `cline mcp add --yes --transport http scalekit ${url}`),
    },
    {
      program: 'VS Code',
      steps: [
        act('In the command palette: Authentication: Remove Dynamic Authentication Providers. Start the server again.'),
      ],
    },
    {
      program: 'Cursor, Windsurf',
      steps: [act('In the settings, under MCP: remove the server, then put its entry back.')],
    },
    {
      program: 'mcp-remote',
      steps: [...run('rm -r ~/.mcp-auth'), act('Then start the program that uses it again.')],
    },
    {
      program: 'MCP Inspector',
      steps: [act('Clear the OAuth state in its sidebar, or open it in a private window, and connect again.')],
    },
  ];
}

/** Tells the users of each program how they connect it anew. */
export function reconnectionList(url: string): Html {
  return html`
<dl class="clients">${reconnections(url).map(
    ({ program, steps }) => html`
<dt>${program}</dt>${steps.map(([kind, text]) => html`<dd>${kind === 'run' ? command(text) : text}</dd>`)}`,
  )}
</dl>`;
}
