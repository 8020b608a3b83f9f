import { isAbsolute } from 'node:path';
import { isObject } from '../core/json.ts';
import { whyBadUrl } from './server-url.ts';
import type { Json, Setup } from './setup.ts';

/** Members under which one client or another has the URL of a server. */
const URL_MEMBERS = ['url', 'serverUrl', 'httpUrl', 'uri'] as const;
/** Another spelling of `http`, which Claude Code and others take as well. */
const STREAMABLE = 'streamable-http';
/** Members that hold a token of a person. */
const TOKEN_MEMBERS = ['headers', 'http_headers', 'requestInit', 'apiKey', 'bearer_token_env_var'] as const;

/**
 * The beginning of a path on another machine, or of a device (UNC). Windows signs in there as the person when it is only
 * looked at, and the files of a project are written by others.
 */
const ELSEWHERE = /^[\\/]{2}/;

/** What is wrong with an entry. */
interface EntryProblem {
  readonly state: 'fail' | 'warn';
  readonly seen: string;
  readonly to_do: string;
  /** Another entry in its place is what helps. */
  readonly isReplaced?: true;
}

/** What an entry of a client says, and what is wrong with it. */
export interface EntryState {
  /** The server that it leads to, itself or through a bridge. */
  readonly url: string | undefined;
  /** The scopes that it has the client ask for; none where it leaves that to the server. */
  readonly scopes: readonly string[];
  /** Absolute paths on this machine that it needs: of programs and scripts. */
  readonly paths: readonly string[];
  readonly problems: readonly EntryProblem[];
  /** The entry in the form that the client reads, where that differs and nothing else changes. */
  readonly mended: Json | undefined;
}

/** Looks at an entry as the client reads it. */
export function entryState(entry: Json, setup: Setup): EntryState {
  const member = URL_MEMBERS.find((one) => typeof entry[one] === 'string');
  return member === undefined ? localState(entry) : remoteState(entry, member, setup);
}

function localState(entry: Json): EntryState {
  const words = [entry['command'], entry['args']].flat().filter((word): word is string => typeof word === 'string');
  const url = words.find((word) => /^https?:\/\//i.test(word));
  const problems: EntryProblem[] = [];
  if (words.length === 0) {
    const seen = 'The entry has neither a URL nor a command.';
    problems.push({ state: 'fail', seen, to_do: 'Take the entry out, and install it again.', isReplaced: true });
  }
  return {
    url,
    scopes: scopesIn(entry),
    paths: words.filter((word) => isAbsolute(word) && !ELSEWHERE.test(word)),
    problems: [...problems, ...usualProblems(entry, url)],
    mended: undefined,
  };
}

function remoteState(entry: Json, member: (typeof URL_MEMBERS)[number], setup: Setup): EntryState {
  const url = String(entry[member]).trim();
  const right = setup.remote?.({ name: '', url });
  if (right === undefined) {
    const to_do = 'Take the entry out, and install it again: it then starts a bridge.';
    const seen = 'This client starts programs alone, and the entry has a URL.';
    return {
      url,
      scopes: [],
      paths: [],
      problems: [{ state: 'fail', seen, to_do, isReplaced: true }],
      mended: undefined,
    };
  }
  const formProblem = wrongMember(member, right, setup) ?? wrongType(entry, member, right);
  const problems = [...(formProblem === undefined ? [] : [formProblem]), ...usualProblems(entry, url)];
  const scopes = scopesIn(entry);
  return { url, scopes, paths: [], problems, mended: formProblem && inForm(entry, member, right) };
}

/** Members in which one client or another has what it says of signing in, and those of them that hold scopes. */
const SIGN_IN_MEMBERS = ['oauth', 'auth'] as const;
const SCOPE_MEMBERS = ['scope', 'scopes', 'oauthScope', 'oauthScopes'] as const;

/** In one text, as OAuth writes scopes, or in a list. */
function scopesIn(entry: Json): readonly string[] {
  const places = [entry, ...SIGN_IN_MEMBERS.map((member) => entry[member]).filter(isObject)];
  return places
    .flatMap((place) => SCOPE_MEMBERS.flatMap((member) => place[member]))
    .flatMap((scope) => (typeof scope === 'string' ? scope.split(/[\s,]+/) : []))
    .filter(Boolean);
}

function wrongMember(member: string, right: Json, setup: Setup): EntryProblem | undefined {
  if (member in right || setup.alsoUrl?.includes(member)) return undefined;
  const wanted = URL_MEMBERS.find((one) => one in right);
  return {
    state: 'fail',
    seen: `The URL is in the member \`${member}\`, and this client reads \`${wanted}\`.`,
    to_do: `Call the member \`${wanted}\`; --fix does it.`,
  };
}

function wrongType(entry: Json, member: string, right: Json): EntryProblem | undefined {
  const { type } = entry;
  // A member that the client accepts as well needs the type to tell it from the older transport.
  const wanted = right['type'] ?? (member in right ? undefined : 'http');
  if (type === wanted || (type === STREAMABLE && wanted === 'http')) return undefined;
  if (wanted === undefined && (type === undefined || type === 'http' || type === STREAMABLE)) return undefined;
  const seen =
    type === undefined
      ? `The entry has no \`type\`, which this client takes for another transport than \`${wanted}\`.`
      : `The \`type\` of the entry is another than \`${wanted ?? 'http'}\`.`;
  return { state: 'fail', seen, to_do: `Set \`type\` to \`${wanted ?? 'http'}\`; --fix does it.` };
}

/** The entry with the right member for its URL and the right type. All else stays. */
function inForm(entry: Json, member: string, right: Json): Json {
  const { [member]: _, type: __, ...others } = entry;
  const form = Object.entries(right).filter(
    ([name]) => name === 'type' || (URL_MEMBERS as readonly string[]).includes(name),
  );
  return { ...Object.fromEntries(form), ...others };
}

function usualProblems(entry: Json, url: string | undefined): EntryProblem[] {
  const problems: EntryProblem[] = [];
  const why = url === undefined ? undefined : whyBadUrl(url);
  if (why !== undefined) {
    problems.push({ state: 'fail', seen: why, to_do: 'Install it again with the right --url.', isReplaced: true });
  }
  if (entry['disabled'] === true || entry['enabled'] === false) {
    problems.push({ state: 'warn', seen: 'The entry is switched off.', to_do: 'Switch it on in the client.' });
  }
  if (TOKEN_MEMBERS.some((member) => entry[member] !== undefined && !isEmptyObject(entry[member]))) {
    const to_do = 'Leave headers and tokens out: the client signs in by OAuth, and its tokens expire.';
    problems.push({ state: 'warn', seen: 'The entry sends headers or a token of its own.', to_do });
  }
  return problems;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
