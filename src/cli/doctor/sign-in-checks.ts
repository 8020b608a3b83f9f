import { examineState } from '../../bridge/state-folder.ts';
import { type Check, checksOf } from './check.ts';

const { pass, fail, unknown } = checksOf('sign_ins');

/**
 * Whether the sign-ins at hosted servers that are kept here are for their owner alone.
 * @param folder that they are kept in
 */
export async function checkSignIns(folder: string): Promise<readonly Check[]> {
  const state = await examineState(folder).catch((error: NodeJS.ErrnoException) => error);
  if (state instanceof Error) return [unknown('kept', `${folder} cannot be looked at (${state.code}).`)];
  if (state === undefined) return [pass('kept', 'No sign-in is kept here.')];
  const { files, unsafe } = state;
  if (unsafe.length === 0) return [pass('kept', `${folder} and its files (${files}) are for you alone.`)];
  return unsafe.map(({ path, why, next, mend }) =>
    fail(
      'kept',
      `${path} ${why}, so that the sign-in is not used.`,
      mend === undefined ? `${next}.` : `${next}; --fix does it.`,
      mend,
    ),
  );
}
