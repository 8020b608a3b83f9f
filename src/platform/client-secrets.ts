import { z } from 'zod';
import type { Api, Path } from '../core/api.ts';
import { checkAnswer } from '../core/check-answer.ts';
import { ToolError } from '../core/errors.ts';
import { requireCameTrue } from './came-true.ts';
import { ClientSecret } from './entities/environment-client.ts';
import { readBack } from './read-back.ts';

type Secret = z.output<typeof ClientSecret>;

/** A client, and where its secrets are. */
export interface SecretHolder<Shown extends { readonly secrets?: readonly Secret[] | null | undefined }> {
  /** Where a secret is made. */
  readonly at: Path;
  /** Where one secret is changed and deleted. */
  secretAt(id: string): Path;
  read(): Promise<{ readonly client: Shown }>;
  /** The tools for such clients. */
  readonly tools: { readonly list: string; readonly add: string; readonly remove: string };
}

type Holder = SecretHolder<{ readonly secrets?: readonly Secret[] | null | undefined }>;

const NewSecret = z.object({ plain_secret: z.string().min(1), secret: ClientSecret.nullish() });

/**
 * Makes one more secret for a client (`POST …/secrets`).
 * @returns the secret, with what is told of it later
 * @throws ToolError which says how many there are, where the API refuses one more
 */
export async function createSecret(api: Api, holder: Holder) {
  const answer = await api.post(holder.at).catch(async (error: unknown) => {
    throw await withNumber(holder, error);
  });
  const { plain_secret, secret } = checkAnswer(NewSecret, answer, 'write');
  const { id: secret_id, secret_suffix, expire_time } = secret ?? {};
  return { plain_secret, secret_id, secret_suffix, expire_time };
}

/** The API refuses a request without any content only because there are enough secrets. */
async function withNumber({ read, tools }: Holder, error: unknown): Promise<unknown> {
  if (!(error instanceof ToolError) || error.code !== 'invalid_request') return error;
  const secrets = await read().then(
    ({ client }) => client.secrets ?? [],
    () => [],
  );
  if (secrets.length < 2) return error;
  const message = `Scalekit refused another secret: this client has ${secrets.length} already. Delete one that is no longer used first; ${tools.list} shows when each was used last.`;
  return new ToolError('invalid_request', message, { ...error.recovery, nextTool: tools.remove }, error.cause);
}

/**
 * Reads a secret that is to go, with its client and with how many others it leaves.
 * @throws ToolError `not_found`
 */
export async function showSecret<Shown extends { readonly secrets?: readonly Secret[] | null | undefined }>(
  { read, tools }: SecretHolder<Shown>,
  secretId: string,
) {
  const { client } = await read();
  const secrets = client.secrets ?? [];
  const secret = secrets.find(({ id }) => id === secretId);
  if (secret === undefined) {
    const message = 'This client has no secret with this id.';
    throw new ToolError('not_found', message, { field: 'secretId', nextTool: tools.list });
  }
  const others = secrets.filter((one) => one !== secret);
  const active_others = others.filter(({ status }) => !isInactive(status)).length;
  // Not called `secret`, which no result shows.
  return { client, secret_detail: secret, others: others.length, active_others };
}

/**
 * The same for one that is to be deleted. A client keeps at least one.
 * @throws ToolError `invalid_request` for the only one
 */
export async function showDeletedSecret<Shown extends { readonly secrets?: readonly Secret[] | null | undefined }>(
  holder: SecretHolder<Shown>,
  secretId: string,
) {
  const { others, ...shown } = await showSecret(holder, secretId);
  if (others > 0) return shown;
  const message =
    'This is the only secret of the client, and Scalekit keeps the last one. Make another first, let all programs use it, and delete this one then.';
  throw new ToolError('invalid_request', message, { field: 'secretId', nextTool: holder.tools.add });
}

/**
 * Deletes a secret of a client (`DELETE …/secrets/{id}`), and looks whether it is gone.
 * @throws ToolError `not_applied`
 */
export async function deleteSecret(api: Api, { secretAt, read, tools }: Holder, secretId: string) {
  await api.delete(secretAt(secretId));
  const { client } = await readBack(read(), tools.list);
  if (!client.secrets?.some(({ id }) => id === secretId)) return { deleted_id: secretId };
  const message =
    'Scalekit accepted the deletion, but the secret is still there. Do not repeat the call: delete it in the Scalekit dashboard.';
  throw new ToolError('not_applied', message, { nextTool: tools.list });
}

const Changed = z.object({ secret: ClientSecret.nullish() });

/**
 * Makes a secret of a client useless without deleting it (`PATCH …/secrets/{id}`), and looks whether it is.
 * @throws ToolError `not_applied`
 */
export async function deactivateSecret(api: Api, { secretAt, read, tools }: Holder, secretId: string) {
  const answer = await api.patch(secretAt(secretId), { status: 'INACTIVE' });
  const { secret: told } = checkAnswer(Changed, answer, 'write');
  const { client } = await readBack(read(), tools.list);
  const secret = client.secrets?.find(({ id }) => id === secretId) ?? told;
  requireCameTrue({ status: { asked: true, shown: isInactive(secret?.status) } }, tools.list);
  return { secret_detail: secret };
}

/** The status of a new or active secret is the first of its enum, which JSON may leave out. */
function isInactive(status: string | null | undefined): boolean {
  return status?.toUpperCase() === 'INACTIVE' || status === '1';
}
