import { expect } from 'vitest';
import { ToolError } from '../../../src/core/errors.ts';
import { afterConfirmation, Confirmations } from '../../../src/run/confirmation.ts';
import { MemoryConfirmationStore } from '../../../src/shared/confirmation-store.ts';
import { verifies } from '../../verifies.ts';

const BINDING = {
  callerKey: 'mira',
  person: 'mira',
  tool: 'delete_mcp_config',
  environment: 'env_1',
  arguments: { configId: 'cfg_1' },
};

const SHOWN = { config: { name: 'shipment-triage' } };

const confirmationsAt = (now: () => number) => new Confirmations(new MemoryConfirmationStore(undefined, now), now);

/** What redeeming comes to: nothing, or how it is refused. */
async function redeemed(confirmations: Confirmations, confirmation: string, binding = BINDING): Promise<unknown> {
  try {
    const redeemed = await confirmations.redeem(confirmation, binding);
    return redeemed.isFor(SHOWN) ? undefined : 'what was shown has changed';
  } catch (error) {
    return error;
  }
}

const refusal = (why: string) => ({
  code: 'confirmation_invalid',
  message: expect.stringMatching(`not good for this call, which has changed nothing\\. ${why}.*Call without it`),
  recovery: { field: 'confirmation' },
});

verifies(
  ['confirm.bound', 'confirm.once', 'confirm.expires'],
  'names the confirmation as what is wrong, and that nothing was changed',
  async () => {
    const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
    const confirmations = confirmationsAt(() => clock.now);
    const [first, second] = [confirmations.seal(BINDING, SHOWN), confirmations.seal(BINDING, SHOWN)];
    expect(await redeemed(confirmations, first.confirmation, { ...BINDING, callerKey: 'jonas' })).toMatchObject(
      refusal('It was made for another call'),
    );
    expect(await redeemed(confirmations, first.confirmation)).toBeUndefined();
    expect(await redeemed(confirmations, first.confirmation)).toMatchObject(refusal('It was used before'));
    clock.now += 10 * 60_000;
    expect(await redeemed(confirmations, second.confirmation)).toMatchObject(refusal('It has expired'));
  },
);

verifies('confirm.allowance', 'tells a caller that confirms too much when it may go on', async () => {
  const confirmations = confirmationsAt(() => 0);
  for (let i = 0; i < 1_000; i++) {
    expect(await redeemed(confirmations, confirmations.seal(BINDING, SHOWN).confirmation)).toBeUndefined();
  }
  expect(await redeemed(confirmations, confirmations.seal(BINDING, SHOWN).confirmation)).toMatchObject({
    code: 'rate_limited',
    recovery: { retryAfterMs: 10 * 60_000 },
  });
});

verifies.each('confirm.bound', [['yes'], ['confirmed'], ['true'], ['']])(
  'says of %j that it is no confirmation',
  async (word) => {
    const confirmations = confirmationsAt(Date.now);
    expect(await redeemed(confirmations, word)).toMatchObject(refusal('It is none that this server gives'));
  },
);

verifies('confirm.bound', 'is genuine with its whole code only, however much of it is there', async () => {
  const confirmations = confirmationsAt(Date.now);
  const bytes = Buffer.from(confirmations.seal(BINDING, SHOWN).confirmation, 'base64url');
  for (let length = 0; length < bytes.length; length++) {
    const cut = bytes.toString('base64url', 0, length);
    expect(await redeemed(confirmations, cut)).toMatchObject(refusal('It is none that this server gives'));
  }
  for (const gone of [1, 4, 16, 31, 32, 64]) {
    const shortened = Buffer.concat([bytes.subarray(0, 24), bytes.subarray(24 + gone)]).toString('base64url');
    expect(await redeemed(confirmations, shortened)).toMatchObject(refusal('It is none that this server gives'));
  }
  const longer = Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url');
  expect(await redeemed(confirmations, longer)).toMatchObject(refusal('It is none that this server gives'));
});

verifies(
  'confirm.once',
  'is used up by the call that fails: what it failed of stays, and it must not be repeated',
  () => {
    const cause = new Error('said so');
    const failed = afterConfirmation(
      new ToolError(
        'upstream_unavailable',
        'Scalekit is away.',
        { retryable: true, retryAfterMs: 5, field: 'a' },
        cause,
      ),
    );
    expect(failed).toBeInstanceOf(ToolError);
    expect(failed).toMatchObject({
      code: 'upstream_unavailable',
      message:
        'Scalekit is away. The confirmation is used up: read the current state, and call without it for a new preview.',
      recovery: { retryable: false, retryAfterMs: 5, field: 'a' },
      cause,
    });
  },
);
