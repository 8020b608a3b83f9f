import { expect } from 'vitest';
import { browserCommand } from '../../../src/bridge/browser.ts';
import { verifies } from '../../verifies.ts';

verifies.each('hosted.login', [
  ['linux', { DISPLAY: ':0' }, ['xdg-open']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
  ['linux', { BROWSER: '/usr/bin/firefox' }, ['/usr/bin/firefox']],
  ['linux', { BROWSER: 'firefox %s', DISPLAY: ':0' }, ['xdg-open']],
  ['linux', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, undefined],
  ['linux', {}, undefined],
  ['darwin', {}, ['open']],
  ['darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, undefined],
  ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler']],
] as const)('a browser is opened where there is one: %s %j', (platform, variables, command) => {
  expect(browserCommand({ platform, variables })).toEqual(command);
});
