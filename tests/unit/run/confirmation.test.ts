import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { Confirmations } from '../../../src/run/confirmation.ts';
import {
  type ConfirmationStore,
  MemoryConfirmationStore,
  sealingKeys,
  type Use,
} from '../../../src/shared/confirmation-store.ts';
import { verifies } from '../../verifies.ts';

const BINDING = {
  callerKey: 'mira',
  person: 'mira',
  tool: 'delete_mcp_config',
  environment: 'env_1',
  arguments: { configId: 'cfg_1', deep: { a: 1, b: [1, 2] } },
};

const SHOWN = { config: { name: 'shipment-triage', tools: ['a', 'b'] } };

function at(start = Date.parse('2026-01-01T00:00:00Z')) {
  const clock = { now: start };
  const store = new MemoryConfirmationStore(undefined, () => clock.now);
  return { clock, store, confirmations: new Confirmations(store, () => clock.now) };
}

verifies('confirm.bound', 'opens for the same call, whatever the order of its arguments', async () => {
  const { confirmations } = at();
  const { confirmation, confirmationExpiresAt } = confirmations.seal(BINDING, SHOWN);
  expect(confirmationExpiresAt).toBe('2026-01-01T00:10:00.000Z');
  const reordered = { ...BINDING, arguments: { deep: { b: [1, 2], a: 1 }, configId: 'cfg_1' } };
  await expect(confirmations.redeem(confirmation, reordered)).resolves.toBeDefined();
});

verifies.each('confirm.bound', [
  ['another caller', { callerKey: 'jonas' }],
  ['another tool', { tool: 'delete_mcp_instance' }],
  ['another environment', { environment: 'env_2' }],
  ['no environment', { environment: undefined }],
  ['another argument', { arguments: { ...BINDING.arguments, configId: 'cfg_2' } }],
  ['one argument more', { arguments: { ...BINDING.arguments, more: true } }],
  ['a list in another order', { arguments: { ...BINDING.arguments, deep: { a: 1, b: [2, 1] } } }],
])('opens for no call by %s', async (_, other) => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  await expect(confirmations.redeem(confirmation, { ...BINDING, ...other })).rejects.toThrow(/another call/);
  await expect(confirmations.redeem(confirmation, BINDING)).resolves.toBeDefined();
});

verifies.each('confirm.shown', [
  ['another text', { config: { ...SHOWN.config, name: 'production' } }],
  ['a list in another order', { config: { ...SHOWN.config, tools: ['b', 'a'] } }],
  ['one member more', { config: { ...SHOWN.config, description: '' } }],
  ['one member less', { config: { name: SHOWN.config.name } }],
  ['nothing', {}],
])('is not for %s than what was shown', async (_, facts) => {
  const { confirmations } = at();
  const redeem = async () => confirmations.redeem(confirmations.seal(BINDING, SHOWN).confirmation, BINDING);
  expect((await redeem()).isFor(facts)).toBe(false);
  const { name, tools } = SHOWN.config;
  expect((await redeem()).isFor({ config: { tools, name, description: undefined } })).toBe(true);
});

verifies('confirm.shown', 'takes no code of another confirmation for what was shown', async () => {
  const { confirmations } = at();
  const [one, other] = [{ a: 1 }, SHOWN].map((facts) =>
    Buffer.from(confirmations.seal(BINDING, facts).confirmation, 'base64url'),
  ) as [Buffer, Buffer];
  const mixed = Buffer.concat([one.subarray(0, 24), other.subarray(24, 56), one.subarray(56)]).toString('base64url');
  await expect(confirmations.redeem(mixed, BINDING)).rejects.toThrow(/another call/);
});

verifies('confirm.once', 'opens once', async () => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  await confirmations.redeem(confirmation, BINDING);
  await expect(confirmations.redeem(confirmation, BINDING)).rejects.toThrow(/used before/);
  // The same bytes, spelled differently: records name a confirmation by its text.
  const { confirmation: other } = confirmations.seal(BINDING, SHOWN);
  for (const spelt of [`${other}==`, ` ${other}`, `${other}%3D`]) {
    await expect(confirmations.redeem(spelt, BINDING)).rejects.toThrow(/none that this server gives/);
  }
});

verifies('confirm.expires', 'opens for ten minutes, and stays used for longer than that', async () => {
  const { clock, confirmations } = at();
  const [early, late] = [confirmations.seal(BINDING, SHOWN), confirmations.seal(BINDING, SHOWN)];
  clock.now += 10 * 60_000 - 1;
  await expect(confirmations.redeem(early.confirmation, BINDING)).resolves.toBeDefined();
  clock.now += 1;
  await expect(confirmations.redeem(late.confirmation, BINDING)).rejects.toThrow(/expired/);
  await expect(confirmations.redeem(early.confirmation, BINDING)).rejects.toThrow(/expired/);
});

verifies('confirm.allowance', 'makes a person who confirms too much wait, at any client, and nobody else', async () => {
  const { clock, confirmations } = at();
  const redeem = (binding: typeof BINDING) =>
    confirmations.redeem(confirmations.seal(binding, SHOWN).confirmation, binding);
  for (let i = 0; i < 1_000; i++) await redeem(BINDING);
  await expect(redeem(BINDING)).rejects.toThrow(/Too many/);
  await expect(redeem({ ...BINDING, callerKey: 'mira with another client' })).rejects.toThrow(/Too many/);
  await expect(redeem({ ...BINDING, callerKey: 'jonas', person: 'jonas' })).resolves.toBeDefined();
  clock.now += 10 * 60_000;
  await expect(redeem(BINDING)).resolves.toBeDefined();
});

verifies('confirm.bound', 'opens for nothing that it did not seal, and not after a change of any byte', async () => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  const bytes = Buffer.from(confirmation, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const tampered = Buffer.from(bytes);
    tampered[i] = (tampered[i] ?? 0) ^ 1;
    // The mark of the key is six bytes behind the id and the expiry.
    const why = i >= 18 && i < 24 ? /cannot be opened/ : /another call/;
    await expect(confirmations.redeem(tampered.toString('base64url'), BINDING)).rejects.toThrow(why);
  }
  for (const nonsense of ['', 'x', 'yes', bytes.subarray(0, 50).toString('base64url'), 'ä'.repeat(100)]) {
    await expect(confirmations.redeem(nonsense, BINDING)).rejects.toThrow(/none that this server gives/);
  }
});

verifies(
  'confirm.bound',
  'says that its key is gone, and of no other call, where the server was restarted',
  async () => {
    const { confirmation } = at().confirmations.seal(BINDING, SHOWN);
    const after = at().confirmations;
    for (const binding of [BINDING, { ...BINDING, tool: 'delete_mcp_instance' }]) {
      await expect(after.redeem(confirmation, binding)).rejects.toMatchObject({
        code: 'confirmation_invalid',
        message: expect.stringMatching(
          /^The confirmation is not good .* cannot be opened with the keys that this server has now: .*restarted.* Call without it to get a new preview\.$/,
        ),
      });
    }
    await expect(after.redeem(confirmation, BINDING)).rejects.not.toThrow(/another call/);
  },
);

verifies('confirm.bound', 'does not show what it seals', async () => {
  const { confirmation } = at().confirmations.seal(BINDING, SHOWN);
  const text = Buffer.from(confirmation, 'base64url').toString('latin1');
  for (const part of ['mira', 'cfg_1', '2026', '17672']) expect(text).not.toContain(part);
});

verifies('confirm.once', 'acts once, however many calls bring it at the same time', async () => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  const attempts = Array.from({ length: 20 }, () => confirmations.redeem(confirmation, BINDING));
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

verifies('confirm.shared', 'is good at every instance with the same store', async () => {
  const { clock, store, confirmations } = at();
  const other = new Confirmations(store, () => clock.now);
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  await expect(other.redeem(confirmation, BINDING)).resolves.toBeDefined();
  await expect(confirmations.redeem(confirmation, BINDING)).rejects.toThrow(/used before/);
});

verifies('confirm.store-lost', 'changes nothing while nobody can tell whether it was used', async () => {
  const { store } = at();
  const lost = { keys: () => store.keys(), renew: async () => false, use: async () => 'unknown' as const };
  const confirmations = new Confirmations(lost);
  const { confirmation } = confirmations.seal(BINDING, SHOWN);
  const refusal = { code: 'confirmation_unavailable', recovery: { retryAfterMs: expect.any(Number) } };
  await expect(confirmations.redeem(confirmation, BINDING)).rejects.toMatchObject(refusal);
  const { confirmation: foreign } = at().confirmations.seal(BINDING, SHOWN);
  await expect(confirmations.redeem(foreign, BINDING)).rejects.toMatchObject(refusal);
  expect(() => new Confirmations({ ...lost, keys: () => [] }).seal(BINDING, SHOWN)).toThrow(/cannot find out/);
});

verifies(
  'confirm.rotation',
  'opens with the old key while a new one is being introduced, under the same random one',
  () => {
    const random = randomBytes(32);
    const [old, fresh] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
    const [before] = sealingKeys([old], random);
    expect(sealingKeys([fresh, old], random).map((key) => key.export())).toEqual([expect.anything(), before?.export()]);
    expect(sealingKeys([old], randomBytes(32))[0]?.export()).not.toEqual(before?.export());
  },
);

verifies(
  'confirm.shared',
  'opens what another instance has sealed with a key that this one learns of on the way',
  async () => {
    const [first, second] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
    const elsewhere = new Confirmations(new Shared([first]));
    const { confirmation } = elsewhere.seal(BINDING, SHOWN);
    for (const after of [[first], [second, first]]) {
      const here = new Shared([second], after);
      await expect(new Confirmations(here).redeem(confirmation, BINDING)).resolves.toBeDefined();
    }
    await expect(new Confirmations(new Shared([second], [second])).redeem(confirmation, BINDING)).rejects.toMatchObject(
      {
        code: 'confirmation_invalid',
      },
    );
  },
);

verifies(
  'confirm.store-reset',
  'asks for the keys again when the memory of what was used is gone, and refuses',
  async () => {
    const store = new Shared([createSecretKey(randomBytes(32))], undefined, 'outdated');
    const confirmations = new Confirmations(store);
    await expect(confirmations.redeem(confirmations.seal(BINDING, SHOWN).confirmation, BINDING)).rejects.toMatchObject({
      code: 'confirmation_invalid',
      message: expect.stringContaining('lost its memory'),
    });
    expect(store.renewals).toBe(1);
  },
);

/** What several instances share, as far as one of them sees it. */
class Shared implements ConfirmationStore {
  renewals = 0;
  #keys: readonly KeyObject[];
  readonly #next: readonly KeyObject[];
  readonly #outcome: Use;

  constructor(keys: readonly KeyObject[], next = keys, outcome: Use = 'first') {
    this.#keys = keys;
    this.#next = next;
    this.#outcome = outcome;
  }

  keys = () => this.#keys;

  renew = async () => {
    this.renewals++;
    this.#keys = this.#next;
    return true;
  };

  use = async () => this.#outcome;
}
