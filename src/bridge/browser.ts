import { spawn } from 'node:child_process';

/** The variables and the platform by which a browser is found. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The command that opens a browser here.
 * @returns the program and its arguments before the URL; undefined where no browser can be expected, as over SSH
 */
export function browserCommand({ platform, variables }: Desktop): readonly [string, ...string[]] | undefined {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION } = variables;
  // More than the path of a program is for xdg-open to understand.
  if (BROWSER && !/[\s%:]/.test(BROWSER)) return [BROWSER];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  if (platform === 'darwin') return SSH_CONNECTION ? undefined : ['open'];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

/**
 * Opens a browser, without a shell.
 * @returns false when that program could not be started
 */
export function openBrowser([program, ...args]: readonly [string, ...string[]], url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url.href], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
