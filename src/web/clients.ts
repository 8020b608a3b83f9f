import { isLoopback } from '../config/values.ts';

/** The name that this server gets in a client. */
const NAME = 'scalekit';

/** One thing to do in order to add this server to a client. */
export type Step =
  | { readonly kind: 'link'; readonly label: string; readonly href: string }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'note'; readonly text: string };

export const GROUPS = {
  editors: 'Editors',
  terminal: 'In a terminal',
  apps: 'Apps',
  others: 'Everything else',
} as const;

/** A program that people connect to this server. */
export interface Client {
  /** Part of the address of its entry. */
  readonly id: string;
  readonly name: string;
  readonly group: keyof typeof GROUPS;
  /** The version with which this was tried. Unset: it follows what the program's makers say. */
  readonly tried?: string;
  /** In the order in which they are offered: any link, command or file alone is enough. */
  readonly steps: readonly Step[];
}

/** How each client is given this server, in the order in which people are shown them. */
export function clientsOf(endpoint: string): readonly Client[] {
  return [...editors(endpoint), ...terminal(endpoint), ...apps(endpoint), ...others(endpoint)];
}

function editors(url: string): Client[] {
  const http = { name: NAME, type: 'http', url };
  const ofVsCode = file('.vscode/mcp.json', { servers: { [NAME]: { type: 'http', url } } });
  return [
    {
      ...{ id: 'vs-code', name: 'VS Code', group: 'editors' },
      steps: [
        link('Install in VS Code', `vscode:mcp/install?${encoded(http)}`),
        command(`code --add-mcp '${JSON.stringify(http)}'`),
        ofVsCode,
      ],
    },
    {
      ...{ id: 'vs-code-insiders', name: 'VS Code Insiders', group: 'editors' },
      steps: [
        link('Install in VS Code Insiders', `vscode-insiders:mcp/install?${encoded(http)}`),
        command(`code-insiders --add-mcp '${JSON.stringify(http)}'`),
        ofVsCode,
      ],
    },
    {
      ...{ id: 'visual-studio', name: 'Visual Studio', group: 'editors' },
      steps: [
        file('.mcp.json', { servers: { [NAME]: { type: 'http', url } } }),
        note('The file stands beside the solution, or in `%USERPROFILE%` for all of them.'),
      ],
    },
    {
      ...{ id: 'cursor', name: 'Cursor', group: 'editors' },
      steps: [
        link(
          'Install in Cursor',
          `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${base64({ url })}`,
        ),
        file('.cursor/mcp.json', { mcpServers: { [NAME]: { url } } }),
        note('The file stands in a project, or in your home folder for all of them.'),
      ],
    },
    {
      ...{ id: 'windsurf', name: 'Windsurf', group: 'editors' },
      steps: [
        file('~/.codeium/windsurf/mcp_config.json', { mcpServers: { [NAME]: { serverUrl: url } } }),
        note('If it does not sign in, use `mcp-remote`, below.'),
      ],
    },
    {
      ...{ id: 'zed', name: 'Zed', group: 'editors' },
      steps: [file('settings.json', { context_servers: { [NAME]: { url } } })],
    },
    {
      ...{ id: 'jetbrains', name: 'JetBrains', group: 'editors' },
      steps: [
        note('AI Assistant: paste this in Settings → Tools → AI Assistant → Model Context Protocol.'),
        file('as JSON', throughBridge(url)),
        file('Junie: .junie/mcp/mcp.json', { mcpServers: { [NAME]: { url } } }),
      ],
    },
    {
      ...{ id: 'kiro', name: 'Kiro', group: 'editors' },
      steps: [file('.kiro/settings/mcp.json', { mcpServers: { [NAME]: { url } } })],
    },
  ];
}

function terminal(url: string): Client[] {
  const shell = quoted(url);
  const remote = { mcp: { [NAME]: { type: 'remote', url } } };
  return [
    {
      ...{ id: 'claude-code', name: 'Claude Code', group: 'terminal', tried: '2.1.328' },
      steps: [
        command(`claude mcp add --transport http ${NAME} ${shell}`),
        note('Then `claude mcp login scalekit` in a terminal, or `/mcp` inside.'),
      ],
    },
    {
      ...{ id: 'codex', name: 'Codex', group: 'terminal', tried: '0.169.0' },
      steps: [
        command(`codex mcp add ${NAME} --url ${shell}`),
        note('It signs in at once. For more scopes: `codex mcp logout scalekit`, `codex mcp login scalekit`.'),
        { kind: 'file', path: '~/.codex/config.toml', text: `[mcp_servers.${NAME}]\nurl = ${JSON.stringify(url)}` },
      ],
    },
    {
      ...{ id: 'gemini-cli', name: 'Gemini CLI', group: 'terminal', tried: '0.61.0' },
      steps: [
        command(`gemini mcp add --transport http --scope user ${NAME} ${shell}`),
        note('Then `/mcp auth scalekit` inside.'),
      ],
    },
    {
      ...{ id: 'copilot-cli', name: 'GitHub Copilot CLI', group: 'terminal', tried: '1.0.102' },
      steps: [
        command(`copilot mcp add --transport http ${NAME} ${shell}`),
        note('The browser opens when `copilot` starts in a terminal.'),
      ],
    },
    {
      ...{ id: 'qwen-code', name: 'Qwen Code', group: 'terminal', tried: '0.24.4' },
      steps: [
        command(`qwen mcp add --transport http --scope user ${NAME} ${shell}`),
        note('Then `/mcp` inside: scalekit, Authenticate.'),
      ],
    },
    {
      ...{ id: 'opencode', name: 'opencode', group: 'terminal', tried: '1.18.33' },
      steps: [
        command(`opencode mcp add ${NAME} --url ${shell}`),
        note('Then `opencode mcp auth scalekit`.'),
        file('opencode.json', remote),
      ],
    },
    {
      ...{ id: 'kilo-code', name: 'Kilo Code', group: 'terminal', tried: '7.7.9' },
      steps: [file('kilo.json', remote), note('Then `kilo mcp auth`.')],
    },
    {
      ...{ id: 'cline', name: 'Cline', group: 'terminal', tried: '3.0.65' },
      steps: [
        command(`cline mcp add --yes --transport http ${NAME} ${shell}`),
        note('Then `cline mcp`: Authorize OAuth.'),
        file('Extension: cline_mcp_settings.json', {
          mcpServers: { [NAME]: { type: 'streamableHttp', url, disabled: false } },
        }),
      ],
    },
    {
      ...{ id: 'continue', name: 'Continue', group: 'terminal', tried: '1.5.47' },
      steps: [
        {
          kind: 'file',
          path: 'config.yaml',
          text: `mcpServers:\n  - name: ${NAME}\n    type: streamable-http\n    url: ${JSON.stringify(url)}\n    apiKey: TOKEN`,
        },
        note('It does not sign in by itself: put an access token in place of `TOKEN`.'),
      ],
    },
  ];
}

function apps(url: string): Client[] {
  const reach: Step[] = isLoopback(new URL(url).hostname)
    ? [
        note(
          'It calls servers from the internet, and this one answers on your machine only. Give it a public `https` address first.',
        ),
      ]
    : [];
  const inClaude = `https://claude.ai/customize/connectors?modal=add-custom-connector&connectorName=Scalekit&connectorUrl=${encodeURIComponent(url)}`;
  return [
    {
      ...{ id: 'claude', name: 'Claude', group: 'apps' },
      steps: [
        ...(reach.length > 0 ? reach : [link('Add to Claude', inClaude)]),
        note('Claude Desktop also starts local programs, which reach any address:'),
        file('claude_desktop_config.json', throughBridge(url)),
      ],
    },
    {
      ...{ id: 'chatgpt', name: 'ChatGPT', group: 'apps' },
      steps: [
        ...reach,
        note('Settings → Apps → Advanced → Developer mode → Create app. Enter this address, and OAuth:'),
        { kind: 'command', text: url },
      ],
    },
    {
      ...{ id: 'goose', name: 'Goose', group: 'apps' },
      steps: [
        link(
          'Install in Goose',
          `goose://extension?type=streamable_http&url=${encodeURIComponent(url)}&id=${NAME}&name=Scalekit&description=${encodeURIComponent('Manage a Scalekit workspace')}`,
        ),
        command(`goose session --with-streamable-http-extension ${quoted(url)}`),
        {
          kind: 'file',
          path: '~/.config/goose/config.yaml',
          text: `extensions:\n  ${NAME}:\n    name: ${NAME}\n    type: streamable_http\n    uri: ${JSON.stringify(url)}\n    enabled: true\n    timeout: 300`,
        },
      ],
    },
    {
      ...{ id: 'lm-studio', name: 'LM Studio', group: 'apps' },
      steps: [
        link('Install in LM Studio', `lmstudio://add_mcp?name=${NAME}&config=${base64({ url })}`),
        file('mcp.json', { mcpServers: { [NAME]: { url } } }),
      ],
    },
  ];
}

function others(url: string): Client[] {
  return [
    {
      ...{ id: 'add-mcp', name: 'Several agents at once', group: 'others' },
      steps: [
        command(`npx add-mcp ${quoted(url)}`),
        note('It finds the agents on this machine, and asks which of them to set up.'),
      ],
    },
    {
      ...{ id: 'mcp-remote', name: 'Only stdio: mcp-remote', group: 'others' },
      steps: [
        command(`npx -y mcp-remote ${quoted(url)}`),
        file('usually in mcpServers', throughBridge(url)),
        note('It signs in with the browser, and passes messages on. It needs Node.js.'),
      ],
    },
  ];
}

function throughBridge(url: string): object {
  return { mcpServers: { [NAME]: { command: 'npx', args: ['-y', 'mcp-remote', url] } } };
}

function link(label: string, href: string): Step {
  return { kind: 'link', label, href };
}

function command(text: string): Step {
  return { kind: 'command', text };
}

function note(text: string): Step {
  return { kind: 'note', text };
}

function file(path: string, content: object): Step {
  return { kind: 'file', path, text: JSON.stringify(content, null, 2) };
}

function encoded(config: object): string {
  return encodeURIComponent(JSON.stringify(config));
}

function base64(config: object): string {
  return encodeURIComponent(Buffer.from(JSON.stringify(config)).toString('base64'));
}

/** The endpoint as shells take it for one word: `?` and `&` mean something to them. It holds no quotes, `$` or backslash. */
function quoted(url: string): string {
  return /[?&]/.test(url) ? `"${url}"` : url;
}
