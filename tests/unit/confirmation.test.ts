import { expect, it } from 'vitest';
import { Confirmations } from '../../src/mcp/confirmation.ts';

const BINDING = {
  callerKey: 'mira',
  tool: 'delete_mcp_config',
  environmentId: 'env_1',
  arguments: { configId: 'cfg_1', deep: { a: 1, b: [1, 2] } },
};

function at(start = Date.parse('2026-01-01T00:00:00Z')) {
  const clock = { now: start };
  return { clock, confirmations: new Confirmations(() => clock.now) };
}

it('opens for the same call, whatever the order of its arguments [confirm.bound]', () => {
  const { confirmations } = at();
  const { confirmation, confirmationExpiresAt } = confirmations.seal(BINDING);
  expect(confirmationExpiresAt).toBe('2026-01-01T00:10:00.000Z');
  const reordered = { ...BINDING, arguments: { deep: { b: [1, 2], a: 1 }, configId: 'cfg_1' } };
  expect(() => confirmations.redeem(confirmation, reordered)).not.toThrow();
});

it.each([
  ['another caller', { callerKey: 'jonas' }],
  ['another tool', { tool: 'delete_mcp_instance' }],
  ['another environment', { environmentId: 'env_2' }],
  ['no environment', { environmentId: undefined }],
  ['another argument', { arguments: { ...BINDING.arguments, configId: 'cfg_2' } }],
  ['one argument more', { arguments: { ...BINDING.arguments, more: true } }],
  ['a list in another order', { arguments: { ...BINDING.arguments, deep: { a: 1, b: [2, 1] } } }],
])('opens for no call by %s [confirm.bound]', (_, other) => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING);
  expect(() => confirmations.redeem(confirmation, { ...BINDING, ...other })).toThrow(/another call/);
  expect(() => confirmations.redeem(confirmation, BINDING)).not.toThrow();
});

it('opens once [confirm.once]', () => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING);
  confirmations.redeem(confirmation, BINDING);
  expect(() => confirmations.redeem(confirmation, BINDING)).toThrow(/used before/);
  // The same bytes, spelled differently.
  expect(() => confirmations.redeem(`${confirmation}==`, BINDING)).toThrow(/used before/);
});

it('opens for ten minutes, and stays used for longer than that [confirm.expires]', () => {
  const { clock, confirmations } = at();
  const [early, late] = [confirmations.seal(BINDING), confirmations.seal(BINDING)];
  clock.now += 10 * 60_000 - 1;
  expect(() => confirmations.redeem(early.confirmation, BINDING)).not.toThrow();
  clock.now += 1;
  expect(() => confirmations.redeem(late.confirmation, BINDING)).toThrow(/expired/);
  expect(() => confirmations.redeem(early.confirmation, BINDING)).toThrow(/expired/);
});

it('makes a caller that confirms too much wait, and nobody else [confirm.once]', () => {
  const { clock, confirmations } = at();
  const redeem = (binding: typeof BINDING) => confirmations.redeem(confirmations.seal(binding).confirmation, binding);
  for (let i = 0; i < 1_000; i++) redeem(BINDING);
  expect(() => redeem(BINDING)).toThrow(/Too many/);
  expect(() => redeem({ ...BINDING, callerKey: 'jonas' })).not.toThrow();
  clock.now += 10 * 60_000;
  expect(() => redeem(BINDING)).not.toThrow();
});

it('opens for nothing that it did not seal, and not after a change of any byte [confirm.bound]', () => {
  const { confirmations } = at();
  const { confirmation } = confirmations.seal(BINDING);
  const bytes = Buffer.from(confirmation, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const tampered = Buffer.from(bytes);
    tampered[i] = (tampered[i] ?? 0) ^ 1;
    expect(() => confirmations.redeem(tampered.toString('base64url'), BINDING)).toThrow(/another call/);
  }
  for (const nonsense of ['', 'x', 'yes', bytes.subarray(0, 28).toString('base64url'), 'ä'.repeat(100)]) {
    expect(() => confirmations.redeem(nonsense, BINDING)).toThrow(/another call/);
  }
  expect(() => at().confirmations.redeem(confirmation, BINDING)).toThrow(/another call/);
});

it('does not show what it seals [confirm.bound]', () => {
  const { confirmation } = at().confirmations.seal(BINDING);
  const text = Buffer.from(confirmation, 'base64url').toString('latin1');
  for (const part of ['mira', 'cfg_1', '2026', '17672']) expect(text).not.toContain(part);
});
