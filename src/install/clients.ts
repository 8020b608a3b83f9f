import { join } from 'node:path';
import { isLoopback } from '../config/values.ts';
import { fileText } from './file-text.ts';
import { below, belowVariable, byPlatform, type Place } from './machine.ts';
import { bridgeTo, type Words } from './own-call.ts';
import type { Json, LocalServer, OwnCommand, Scope, Server, Setup } from './setup.ts';
import { shellWord } from './shell-word.ts';

/** The name that this server gets in a client. */
export const DEFAULT_NAME = 'scalekit';

const NAME = DEFAULT_NAME;

/** One thing to do in order to add this server to a client. */
export type Step =
  /** `web`: leads to the same by https, for places that drop the addresses of programs, such as GitHub. */
  | { readonly kind: 'link'; readonly label: string; readonly href: string; readonly web?: string }
  | { readonly kind: 'command'; readonly text: string }
  /** Unset path: what stands before says where the text goes. */
  | { readonly kind: 'file'; readonly path?: string; readonly text: string }
  /** `isNext`: what is left to do when the client has the server. */
  | { readonly kind: 'note'; readonly text: string; readonly isNext?: true };

export const GROUPS = {
  editors: 'Editors',
  terminal: 'In a terminal',
  apps: 'Apps',
  others: 'Everything else',
} as const;

/** A program that people connect to this server. */
export interface Client {
  /** Part of the address of its entry, and what `install` calls it. */
  readonly id: string;
  readonly name: string;
  readonly group: keyof typeof GROUPS;
  /** The version with which this was tried. Unset: it follows what the program's makers say. */
  readonly tried?: string;
  /** In the order in which they are offered: any link, command or file alone is enough. */
  readonly steps: readonly Step[];
  /** Where it keeps its servers. Unset: people do the steps. */
  readonly setup?: Setup;
}

/**
 * How each client is given this server, in the order in which people are shown them.
 * @param bridge what clients start that start programs alone
 * @param name that the server has where it is installed already
 */
export function clientsOf(
  endpoint: string,
  bridge: Words = bridgeTo(endpoint),
  name: string = NAME,
): readonly Client[] {
  return [
    ...editors(endpoint, bridge),
    ...terminal(endpoint, name),
    ...apps(endpoint, bridge),
    ...others(endpoint, bridge),
  ];
}

const WITH_TYPE = { remote: ({ url }: Server) => ({ type: 'http', url }) };
const URL_ALONE = { remote: ({ url }: Server) => ({ url }), local: command };
const MCP_SERVERS = { format: 'json', member: 'mcpServers' } as const;

/** VS Code and its preview, which differ in names alone. */
function vsCode(folder: string, program: string): Setup {
  return {
    ...{ format: 'json', member: 'servers' },
    files: { user: [below('config', folder, 'User', 'mcp.json')], project: ['.vscode/mcp.json'] },
    marks: [below('config', folder, 'User')],
    command: {
      program,
      scopes: ['user'],
      add: ({ name, url }) => ['--add-mcp', JSON.stringify({ name, type: 'http', url })],
    },
    ...WITH_TYPE,
    local: (server) => ({ type: 'stdio', ...command(server) }),
  };
}

const VISUAL_STUDIO: Setup = {
  ...{ format: 'json', member: 'servers' },
  files: { user: [byPlatform({ win32: below('home', '.mcp.json') })], project: ['.mcp.json'] },
  marks: [byPlatform({ win32: below('home', 'AppData', 'Local', 'Microsoft', 'VisualStudio') })],
  ...WITH_TYPE,
  local: (server) => ({ type: 'stdio', ...command(server) }),
};

const CURSOR: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('home', '.cursor', 'mcp.json')], project: ['.cursor/mcp.json'] },
  marks: [below('home', '.cursor')],
  ...URL_ALONE,
};

const WINDSURF: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('home', '.codeium', 'windsurf', 'mcp_config.json')] },
  marks: [below('home', '.codeium', 'windsurf')],
  remote: ({ url }) => ({ serverUrl: url }),
  local: command,
};

const ZED_FOLDER = byPlatform({
  linux: below('xdg', 'zed'),
  // Not where other programs of macOS keep settings.
  darwin: below('home', '.config', 'zed'),
  win32: below('config', 'Zed'),
});
const ZED: Setup = {
  ...{ format: 'json', member: 'context_servers' },
  files: { user: [inside(ZED_FOLDER, 'settings.json')], project: ['.zed/settings.json'] },
  marks: [ZED_FOLDER],
  ...URL_ALONE,
};

const JUNIE: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('home', '.junie', 'mcp', 'mcp.json')], project: ['.junie/mcp/mcp.json'] },
  marks: [below('home', '.junie')],
  ...URL_ALONE,
};

const KIRO: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('home', '.kiro', 'settings', 'mcp.json')], project: ['.kiro/settings/mcp.json'] },
  marks: [below('home', '.kiro')],
  ...URL_ALONE,
};

const CLAUDE_CODE: Setup = {
  ...MCP_SERVERS,
  files: { user: [belowVariable('CLAUDE_CONFIG_DIR', '', '.claude.json')], project: ['.mcp.json'] },
  localMember: 'projects',
  marks: [belowVariable('CLAUDE_CONFIG_DIR', '.claude'), below('home', '.claude.json')],
  command: {
    program: 'claude',
    scopes: ['user', 'project', 'local'],
    add: ({ name, url }, scope) => ['mcp', 'add', '--transport', 'http', ...scoped(scope), name, url],
    addLocal: (server, scope) => [
      ...['mcp', 'add', '--transport', 'stdio', ...scoped(scope), server.name, '--'],
      ...server.command,
    ],
    remove: (name, scope) => ['mcp', 'remove', ...scoped(scope), name],
  },
  ...WITH_TYPE,
  local: (server) => ({ type: 'stdio', ...command(server) }),
};

const CODEX: Setup = {
  ...{ format: 'toml', member: 'mcp_servers' },
  files: { user: [belowVariable('CODEX_HOME', '.codex', 'config.toml')], project: ['.codex/config.toml'] },
  marks: [belowVariable('CODEX_HOME', '.codex')],
  command: {
    program: 'codex',
    scopes: ['user'],
    add: ({ name, url }) => ['mcp', 'add', name, '--url', url],
    addLocal: (server) => ['mcp', 'add', server.name, '--', ...server.command],
    remove: (name) => ['mcp', 'remove', name],
  },
  ...URL_ALONE,
};

/** Gemini CLI, and Qwen Code, which began as a copy of it. */
function geminiLike(program: string): Setup {
  return {
    ...MCP_SERVERS,
    files: { user: [below('home', `.${program}`, 'settings.json')], project: [`.${program}/settings.json`] },
    marks: [below('home', `.${program}`)],
    command: {
      program,
      scopes: ['user', 'project'],
      add: ({ name, url }, scope = 'user') => ['mcp', 'add', '--transport', 'http', ...scoped(scope), name, url],
      remove: (name, scope) => ['mcp', 'remove', ...scoped(scope), name],
    },
    remote: ({ url }) => ({ httpUrl: url }),
    // With `type: http`, as newer versions write it.
    alsoUrl: ['url'],
    local: command,
  };
}

const COPILOT: Setup = {
  ...MCP_SERVERS,
  files: {
    user: [belowVariable('COPILOT_HOME', '.copilot', 'mcp-config.json')],
    project: ['.mcp.json', '.github/mcp.json'],
  },
  marks: [belowVariable('COPILOT_HOME', '.copilot')],
  command: {
    program: 'copilot',
    scopes: ['user'],
    add: ({ name, url }) => ['mcp', 'add', '--transport', 'http', name, url],
    remove: (name) => ['mcp', 'remove', name],
  },
  remote: ({ url }) => ({ type: 'http', url, tools: ['*'] }),
  local: (server) => ({ type: 'stdio', ...command(server), tools: ['*'] }),
};

/** opencode, and Kilo Code, which began as a copy of it. */
function opencodeLike(program: string, ownCommand?: OwnCommand): Setup {
  const names = [`${program}.jsonc`, `${program}.json`];
  return {
    ...{ format: 'json', member: 'mcp' },
    files: { user: names.toReversed().map((name) => below('xdg', program, name)), project: names.toReversed() },
    marks: [below('xdg', program)],
    ...(ownCommand && { command: ownCommand }),
    remote: ({ url }) => ({ type: 'remote', url }),
    local: ({ command: words }) => ({ type: 'local', command: words }),
  };
}

const OPENCODE = opencodeLike('opencode', {
  program: 'opencode',
  scopes: ['user'],
  add: ({ name, url }) => ['mcp', 'add', name, '--url', url],
});
const KILO = opencodeLike('kilo');

const CLINE: Setup = {
  ...MCP_SERVERS,
  files: {
    user: [
      belowVariable('CLINE_DIR', '.cline', 'data', 'settings', 'cline_mcp_settings.json'),
      below(
        ...(['config', 'Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev'] as const),
        ...['settings', 'cline_mcp_settings.json'],
      ),
    ],
  },
  marks: [
    belowVariable('CLINE_DIR', '.cline'),
    below('config', 'Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev'),
  ],
  command: {
    program: 'cline',
    scopes: ['user'],
    add: ({ name, url }) => ['mcp', 'add', '--yes', '--transport', 'http', name, url],
    remove: (name) => ['mcp', 'remove', name],
  },
  remote: ({ url }) => ({ type: 'streamableHttp', url, disabled: false }),
  local: (server) => ({ ...command(server), disabled: false }),
};

/** Claude Desktop. Its file takes programs alone. */
const CLAUDE_DESKTOP: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('config', 'Claude', 'claude_desktop_config.json')] },
  marks: [below('config', 'Claude')],
  local: command,
};

const GOOSE_FILE = byPlatform({
  linux: below('xdg', 'goose', 'config.yaml'),
  darwin: below('xdg', 'goose', 'config.yaml'),
  win32: below('config', 'Block', 'goose', 'config', 'config.yaml'),
});
const GOOSE: Setup = {
  ...{ format: 'yaml', member: 'extensions' },
  files: { user: [GOOSE_FILE] },
  marks: [GOOSE_FILE],
  remote: ({ name, url }) => ({ name, type: 'streamable_http', uri: url, enabled: true, timeout: 300 }),
};

const LM_STUDIO: Setup = {
  ...MCP_SERVERS,
  files: { user: [below('home', '.lmstudio', 'mcp.json')] },
  marks: [below('home', '.lmstudio')],
  ...URL_ALONE,
};

function command({ command: [program, ...args] }: LocalServer): Json {
  return { command: program, args };
}

function scoped(scope: Scope | undefined): readonly string[] {
  return scope === undefined ? [] : ['--scope', scope];
}

/** A file in a folder that has another place on every platform. */
function inside(folder: Place, name: string): Place {
  return (machine) => {
    const path = folder(machine);
    return path === undefined ? undefined : join(path, name);
  };
}

function editors(url: string, bridge: Words): Client[] {
  const http = { name: NAME, type: 'http', url };
  const code = vsCode('Code', 'code');
  const insiders = vsCode('Code - Insiders', 'code-insiders');
  return [
    {
      ...{ id: 'vs-code', name: 'VS Code', group: 'editors' },
      steps: [
        link(
          'Install in VS Code',
          `vscode:mcp/install?${encoded(http)}`,
          `https://vscode.dev/redirect/mcp/install?name=${NAME}&config=${encoded({ type: 'http', url })}`,
        ),
        line(code, url),
        file('.vscode/mcp.json', code, url),
      ],
      setup: code,
    },
    {
      ...{ id: 'vs-code-insiders', name: 'VS Code Insiders', group: 'editors' },
      steps: [
        link(
          'Install in VS Code Insiders',
          `vscode-insiders:mcp/install?${encoded(http)}`,
          `https://insiders.vscode.dev/redirect/mcp/install?name=${NAME}&config=${encoded({ type: 'http', url })}&quality=insiders`,
        ),
        line(insiders, url),
        file('.vscode/mcp.json', insiders, url),
      ],
      setup: insiders,
    },
    {
      ...{ id: 'visual-studio', name: 'Visual Studio', group: 'editors' },
      steps: [
        file('.mcp.json', VISUAL_STUDIO, url),
        note('The file stands beside the solution, or in `%USERPROFILE%` for all of them.'),
      ],
      setup: VISUAL_STUDIO,
    },
    {
      ...{ id: 'cursor', name: 'Cursor', group: 'editors' },
      steps: [
        link(
          'Install in Cursor',
          `cursor://anysphere.cursor-deeplink/mcp/install?name=${NAME}&config=${base64({ url })}`,
          `https://cursor.com/install-mcp?name=${NAME}&config=${base64({ url })}`,
        ),
        file('.cursor/mcp.json', CURSOR, url),
        note('The file stands in a project, or in your home folder for all of them.'),
      ],
      setup: CURSOR,
    },
    {
      ...{ id: 'windsurf', name: 'Windsurf', group: 'editors' },
      steps: [
        file('~/.codeium/windsurf/mcp_config.json', WINDSURF, url),
        next('If it does not sign in, use the entry for only stdio, below.'),
      ],
      setup: WINDSURF,
    },
    {
      ...{ id: 'zed', name: 'Zed', group: 'editors' },
      steps: [file('settings.json', ZED, url)],
      setup: ZED,
    },
    {
      ...{ id: 'jetbrains', name: 'JetBrains', group: 'editors' },
      steps: [
        note('AI Assistant: paste this in Settings → Tools → AI Assistant → Model Context Protocol.'),
        { kind: 'file', text: starting(bridge) },
        note('Junie:'),
        file('.junie/mcp/mcp.json', JUNIE, url),
      ],
      setup: JUNIE,
    },
    {
      ...{ id: 'kiro', name: 'Kiro', group: 'editors' },
      steps: [file('.kiro/settings/mcp.json', KIRO, url)],
      setup: KIRO,
    },
  ];
}

function terminal(url: string, name: string): Client[] {
  const gemini = geminiLike('gemini');
  const qwen = geminiLike('qwen');
  return [
    {
      ...{ id: 'claude-code', name: 'Claude Code', group: 'terminal', tried: '2.1.328' },
      steps: [line(CLAUDE_CODE, url), next(`Then \`claude mcp login ${name}\` in a terminal, or \`/mcp\` inside.`)],
      setup: CLAUDE_CODE,
    },
    {
      ...{ id: 'codex', name: 'Codex', group: 'terminal', tried: '0.169.0' },
      steps: [
        line(CODEX, url),
        next(`It signs in at once. For more scopes: \`codex mcp logout ${name}\`, \`codex mcp login ${name}\`.`),
        file('~/.codex/config.toml', CODEX, url),
      ],
      setup: CODEX,
    },
    {
      ...{ id: 'gemini-cli', name: 'Gemini CLI', group: 'terminal', tried: '0.61.0' },
      steps: [line(gemini, url), next(`Then \`/mcp auth ${name}\` inside.`)],
      setup: gemini,
    },
    {
      ...{ id: 'copilot-cli', name: 'GitHub Copilot CLI', group: 'terminal', tried: '1.0.102' },
      steps: [line(COPILOT, url), next('The browser opens when `copilot` starts in a terminal.')],
      setup: COPILOT,
    },
    {
      ...{ id: 'qwen-code', name: 'Qwen Code', group: 'terminal', tried: '0.24.4' },
      steps: [line(qwen, url), next(`Then \`/mcp\` inside: ${name}, Authenticate.`)],
      setup: qwen,
    },
    {
      ...{ id: 'opencode', name: 'opencode', group: 'terminal', tried: '1.18.33' },
      steps: [line(OPENCODE, url), next(`Then \`opencode mcp auth ${name}\`.`), file('opencode.json', OPENCODE, url)],
      setup: OPENCODE,
    },
    {
      ...{ id: 'kilo-code', name: 'Kilo Code', group: 'terminal', tried: '7.7.9' },
      steps: [file('kilo.json', KILO, url), next('Then `kilo mcp auth`.')],
      setup: KILO,
    },
    {
      ...{ id: 'cline', name: 'Cline', group: 'terminal', tried: '3.0.65' },
      steps: [
        line(CLINE, url),
        next('Then `cline mcp`: Authorize OAuth.'),
        note('The extension:'),
        file('cline_mcp_settings.json', CLINE, url),
      ],
      setup: CLINE,
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

function apps(url: string, bridge: Words): Client[] {
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
        { kind: 'file', path: 'claude_desktop_config.json', text: starting(bridge) },
      ],
      setup: CLAUDE_DESKTOP,
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
        { kind: 'command', text: `goose session --with-streamable-http-extension ${shellWord(url)}` },
        file('~/.config/goose/config.yaml', GOOSE, url),
      ],
      setup: GOOSE,
    },
    {
      ...{ id: 'lm-studio', name: 'LM Studio', group: 'apps' },
      steps: [
        link(
          'Install in LM Studio',
          `lmstudio://add_mcp?name=${NAME}&config=${base64({ url })}`,
          `https://lmstudio.ai/install-mcp?name=${NAME}&config=${base64({ url })}`,
        ),
        file('mcp.json', LM_STUDIO, url),
      ],
      setup: LM_STUDIO,
    },
  ];
}

function others(url: string, bridge: Words): Client[] {
  return [
    {
      ...{ id: 'add-mcp', name: 'Several agents at once', group: 'others' },
      steps: [
        { kind: 'command', text: `npx -y add-mcp --global --name ${NAME} ${shellWord(url)}` },
        note('It finds the agents on this machine, and asks which of them to set up. With `--yes` it asks nothing.'),
      ],
    },
    {
      ...{ id: 'stdio', name: 'Only stdio', group: 'others' },
      steps: [
        { kind: 'command', text: bridge.map(shellWord).join(' ') },
        note('Most programs take it as JSON:'),
        { kind: 'file', text: starting(bridge) },
        note('It signs in with the browser, and passes messages on. It needs Node.js.'),
      ],
    },
    {
      ...{ id: 'mcp-remote', name: 'Only stdio: mcp-remote', group: 'others' },
      steps: [
        { kind: 'command', text: `npx -y mcp-remote ${shellWord(url)}` },
        note('Another program for the same, where the one above cannot be had.'),
      ],
    },
  ];
}

function starting(bridge: Words): string {
  return fileText(MCP_SERVERS, NAME, command({ name: NAME, command: bridge }));
}

function link(label: string, href: string, web?: string): Step {
  return { kind: 'link', label, href, ...(web !== undefined && { web }) };
}

/** The line by which the client itself adds this server. */
function line({ command: own }: Setup, url: string): Step {
  if (own === undefined) throw new Error('This client has no command of its own.');
  return { kind: 'command', text: [own.program, ...own.add({ name: NAME, url }).map(shellWord)].join(' ') };
}

function note(text: string): Step {
  return { kind: 'note', text };
}

function next(text: string): Step {
  return { kind: 'note', text, isNext: true };
}

/** What stands in the file of the client. */
function file(path: string, setup: Setup, url: string): Step {
  const server = { name: NAME, url };
  return { kind: 'file', path, text: fileText(setup, NAME, setup.remote?.(server) ?? {}) };
}

function encoded(config: object): string {
  return encodeURIComponent(JSON.stringify(config));
}

function base64(config: object): string {
  return encodeURIComponent(Buffer.from(JSON.stringify(config)).toString('base64'));
}
