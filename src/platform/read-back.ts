import { unread } from '../core/after-write.ts';
import { ToolError } from '../core/errors.ts';

/**
 * Waits for a read that follows a write. The API replaces lists as a whole and has no versions, so of two concurrent
 * writes one is lost; reading again is the only way to notice that.
 * @param written the read
 * @param nextTool the tool that shows the same, for the error
 * @throws ToolError whose message says that the write was accepted and must not be repeated
 */
export async function readBack<T>(written: Promise<T>, nextTool: string): Promise<T> {
  return written.catch((error: unknown) => {
    throw error instanceof ToolError ? unread(error, nextTool) : error;
  });
}

/** How often a change is made that other writers overwrite. */
const ATTEMPTS = 4;

/**
 * Makes a change again that another writer has overwritten, from reading on, so that several writers at once all get
 * their way. Within this process `Api.inTurn` keeps them apart; this is for the others.
 * @param attempt reads, changes, writes, and throws `LostUpdate` when what is there afterwards is something else
 * @throws LostUpdate when the change is still overwritten after a few attempts; whatever else an attempt throws
 */
export async function untilItStands<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof LostUpdate)) throw error;
    }
  }
}

/** The error of a lost update: the change of this call was overwritten, or it has overwritten another one. */
export class LostUpdate extends ToolError {
  /**
   * @param loss a sentence that says what is wrong
   * @param nextTool the tool that shows the current state
   */
  constructor(loss: string, nextTool: string) {
    super('conflict', changedMeanwhile(loss), { nextTool });
  }
}

/** The same for what somebody else has lost: making the change once more would not bring it back, so it is not made. */
export function lostByOthers(loss: string, nextTool: string): ToolError {
  return new ToolError('conflict', changedMeanwhile(loss), { nextTool });
}

function changedMeanwhile(loss: string): string {
  return `These settings changed at the same time. ${loss} Read what is there now, then decide what to do.`;
}
