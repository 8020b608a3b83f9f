import type { Path } from '../core/api.ts';
import { parseJson } from '../core/json.ts';
import type { PublicAnswer } from '../core/tool.ts';
import type { Deadline } from '../outgoing/deadline.ts';
import { PublicReader } from '../outgoing/public-reader.ts';

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Reads a document that an environment publishes for everybody. No credential goes along, no redirect is followed, and
 * its host is the environment's: nobody who calls a tool can name another. That it cannot be had is an answer as well.
 * @param environmentUrl as the platform names it
 * @throws ToolError when the call is over
 */
export async function readPublic(environmentUrl: string, at: Path, deadline: Deadline): Promise<PublicAnswer> {
  deadline.check();
  const { origin } = new URL(environmentUrl);
  const url = `${origin}${at.text}`;
  const reader = new PublicReader(origin);
  try {
    const { status, text } = await deadline.run((signal) =>
      reader.read(at.text, {
        headers: { accept: 'application/json' },
        maxBytes: MAX_ANSWER_BYTES,
        signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
      }),
    );
    return { url, status, document: parseJson(text) };
  } catch (error) {
    deadline.check();
    const { code, name } = error as Error & { readonly code?: unknown };
    return { url, error: typeof code === 'string' ? code : name };
  } finally {
    reader.close();
  }
}
