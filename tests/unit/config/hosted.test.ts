import { expect } from 'vitest';
import { hostedSettings } from '../../../src/config/hosted.ts';
import { verifies } from '../../verifies.ts';

verifies.each('hosted.kept', [
  ['linux', { HOME: '/home/me' }, '/home/me/.local/state/scalekit-mcp'],
  ['linux', { HOME: '/home/me', XDG_STATE_HOME: '/state' }, '/state/scalekit-mcp'],
  ['linux', { HOME: '/home/me', XDG_STATE_HOME: 'relative' }, '/home/me/.local/state/scalekit-mcp'],
  ['darwin', { HOME: '/Users/me' }, '/Users/me/Library/Application Support/scalekit-mcp'],
] as const)('sign-ins are where programs of the person keep their state: %s %j', (platform, env, folder) => {
  expect(hostedSettings(env, platform).stateFolder).toBe(folder);
});

verifies('hosted.url', 'an empty variable counts as unset', () => {
  const env = { HOME: '/home/me', SCALEKIT_MCP_URL: ' ', SCALEKIT_MCP_TOKEN: '' };
  expect(hostedSettings(env, 'linux')).toMatchObject({ url: undefined, token: undefined });
});
