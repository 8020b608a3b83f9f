import { DEFAULT_NAME } from '../install/clients.ts';
import type { FoundEntry } from '../install/found.ts';
import { ownCall } from '../install/own-call.ts';
import { whyBadUrl } from '../install/server-url.ts';
import { SERVER_NAME } from '../install/setup.ts';
import { isQuotable } from '../install/shell-word.ts';

/** An entry, the client that has it, and the folder of the project at hand. */
interface EntryAt extends Pick<FoundEntry, 'name' | 'scope' | 'folder'> {
  readonly client: string;
  readonly project: string;
}

/** The line that takes an entry out; undefined where no line can name it. */
export function uninstallLine(entry: EntryAt): string | undefined {
  const options = optionsOf(entry);
  return options && ownCall('uninstall', entry.client, ...options);
}

/**
 * The line that replaces an entry by one for a server; undefined where no line can name it, or no client is given that URL.
 * @param url what the person has named: never one of the entry, which a project may have brought along
 */
export function reinstallLine(entry: EntryAt, url: string): string | undefined {
  // What else a URL may hold is not shown, such as a password.
  const options = whyBadUrl(url) === undefined ? optionsOf(entry) : undefined;
  return options && ownCall('install', entry.client, '--url', url, ...options);
}

function optionsOf({ name, scope, folder, project }: EntryAt): readonly string[] | undefined {
  // Names and folders come from files that a project may bring along.
  if (!SERVER_NAME.test(name) || !isQuotable(folder ?? '/')) return undefined;
  return [
    ...(name === DEFAULT_NAME ? [] : ['--name', name]),
    ...(scope === 'user' ? [] : ['--scope', scope]),
    ...(folder === undefined || folder === project ? [] : ['--project', folder]),
  ];
}
