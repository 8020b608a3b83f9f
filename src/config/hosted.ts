import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What the environment says of hosted servers, and of the person who uses them here. */
export interface HostedSettings {
  /** `SCALEKIT_MCP_URL`: the server, where no option names one. */
  readonly url: string | undefined;
  /** `SCALEKIT_MCP_TOKEN`: used in place of a sign-in. */
  readonly token: string | undefined;
  /** `SCALEKIT_CLIENT_ID`: the client of the other way, without a hosted server. */
  readonly clientId: string | undefined;
  /** The folder for sign-ins. */
  readonly stateFolder: string;
  /** The variables by which a browser is found. */
  readonly desktop: Readonly<Record<string, string | undefined>>;
}

const DESKTOP = ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY', 'SSH_CONNECTION'] as const;
const FOLDER = 'scalekit-mcp';

/**
 * Reads them from the process alone, not from `.env`: whoever writes a file into a folder must not be able to say where a
 * token goes or which program is started.
 */
export function readHostedSettings(): HostedSettings {
  // biome-ignore lint/style/noProcessEnv: `.env` must not take part.
  return hostedSettings(process.env, process.platform);
}

/** The settings in these variables. An empty one counts as unset. */
export function hostedSettings(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): HostedSettings {
  const given = (name: string) => env[name]?.trim() || undefined;
  return {
    url: given('SCALEKIT_MCP_URL'),
    token: given('SCALEKIT_MCP_TOKEN'),
    clientId: given('SCALEKIT_CLIENT_ID'),
    stateFolder: join(stateRoot(given, platform), FOLDER),
    desktop: Object.fromEntries(DESKTOP.map((name) => [name, given(name)])),
  };
}

/** Where programs keep state of a person (XDG Base Directory Specification; Apple, Microsoft: application support). */
function stateRoot(given: (name: string) => string | undefined, platform: NodeJS.Platform): string {
  const xdg = given('XDG_STATE_HOME');
  // The specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return xdg;
  const home = given('HOME') ?? homedir();
  if (platform === 'win32') return given('LOCALAPPDATA') ?? join(homedir(), 'AppData', 'Local');
  return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.local', 'state');
}
