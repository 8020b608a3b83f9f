/** Parameters of a challenge by their names in small letters. */
export type ChallengeParameters = ReadonlyMap<string, string>;

/** Longer headers are not read to their end. */
const MAX_LENGTH = 8_192;

const TOKEN = /[\s,]*([\w!#$%&'*+.^`|~-]+)/y;
const VALUE = /[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~:/-]*))/y;

/**
 * The parameters of the first Bearer challenge in a `WWW-Authenticate` header (RFC 9110 §11.6.1, RFC 6750 §3).
 * @returns undefined when there is none
 */
export function bearerParameters(header: string): ChallengeParameters | undefined {
  const text = header.slice(0, MAX_LENGTH);
  let parameters: Map<string, string> | undefined;
  let at = 0;
  for (;;) {
    const token = matchAt(TOKEN, text, at);
    if (token === undefined) return parameters;
    const [, word = ''] = token;
    at = TOKEN.lastIndex;
    const value = matchAt(VALUE, text, at);
    if (value === undefined) {
      // The name of a scheme. The challenge ends where the next one begins.
      if (parameters !== undefined) return parameters;
      if (word.toLowerCase() === 'bearer') parameters = new Map();
    } else {
      at = VALUE.lastIndex;
      parameters?.set(word.toLowerCase(), value[1]?.replace(/\\(.)/g, '$1') ?? value[2] ?? '');
    }
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
