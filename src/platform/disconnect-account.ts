import { z } from 'zod';
import type { Api } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { requireCameTrue } from './came-true.ts';
import { ConnectedAccount } from './entities/connected-account.ts';
import { ACCOUNT_STATES, askedWord } from './enum-words.ts';
import { path } from './path.ts';
import { readBack } from './read-back.ts';

const NEXT = 'get_connected_account';
const One = z.object({ connected_account: ConnectedAccount });
const Told = z.object({ connected_account: ConnectedAccount.nullish() });

/**
 * Disconnects an account (`POST /connected_accounts/{id}:disconnect`), and reads it again where the answer does not say
 * how it stands then (`GET /connected_accounts/details`).
 * @throws ToolError `not_applied` when it is not disconnected afterwards
 */
export async function disconnectAccount(api: Api, id: string): Promise<z.output<typeof One>> {
  const answer = await api.post(path`/connected_accounts/${id}:disconnect`, {});
  const { connected_account: told } = checkAnswer(Told, answer, 'write');
  const account = told?.status ? told : await readBack(accountOf(api, id), NEXT);
  requireCameTrue({ status: askedWord(ACCOUNT_STATES, 'DISCONNECTED', account.status) }, NEXT);
  return { connected_account: account };
}

async function accountOf(api: Api, id: string) {
  return checkAnswer(One, await api.get(path`/connected_accounts/details`, { id })).connected_account;
}
