import { join } from 'node:path';

/** The operating systems whose clients' places are known. */
export type Platform = 'linux' | 'darwin' | 'win32';

/** What of a machine decides where its clients keep their settings. */
export interface Machine {
  readonly platform: Platform;
  /** The home folder of the person. */
  readonly home: string;
  /** The folder of the project at hand. */
  readonly project: string;
  /** The working folder, where a person has named another project. */
  readonly working?: string;
  /** The variables of this process alone: a `.env` file of a project does not decide where is written or what is run. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The folder that a place is below. */
type Root = 'home' | 'config' | 'xdg';

/** Where a client keeps something on a machine; undefined where it does not run there. */
export type Place = (machine: Machine) => string | undefined;

/**
 * The machine that this process runs on.
 * @param platform as in `process.platform`; all but macOS and Windows keep to the rules of Linux
 */
export function machineOf(facts: Omit<Machine, 'platform'> & { readonly platform: string }): Machine {
  const { platform } = facts;
  return { ...facts, platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux' };
}

/**
 * A path below a folder that every platform calls otherwise.
 * @param root `home`; `config`, where programs of the platform keep settings (`XDG_CONFIG_HOME`, `Application Support`,
 *   `APPDATA`); `xdg`, `XDG_CONFIG_HOME` or `~/.config` on every platform
 */
export function below(root: Root, ...names: readonly string[]): Place {
  return (machine) => join(rootOf(machine, root), ...names);
}

/** A path below the folder that a variable of the client names, or else below one in the home folder. */
export function belowVariable(variable: string, usual: string, ...names: readonly string[]): Place {
  return (machine) => join(machine.variables[variable]?.trim() || join(machine.home, usual), ...names);
}

/** Different places for different platforms. A platform that is left out has none. */
export function byPlatform(places: Partial<Readonly<Record<Platform, Place>>>): Place {
  return (machine) => places[machine.platform]?.(machine);
}

function rootOf({ platform, home, variables }: Machine, root: Root): string {
  if (root === 'home') return home;
  if (root === 'config' && platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (root === 'config' && platform === 'win32')
    return variables['APPDATA']?.trim() || join(home, 'AppData', 'Roaming');
  return variables['XDG_CONFIG_HOME']?.trim() || join(home, '.config');
}
