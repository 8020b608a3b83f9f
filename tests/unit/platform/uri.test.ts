import { describe, expect } from 'vitest';
import { isHttpUrl, isRedirectUri, isWebUrl } from '../../../src/platform/uri.ts';
import { verifies } from '../../verifies.ts';

const WEB = [
  'https://app.harborlight.example/callback?next=1',
  'HTTPS://app.harborlight.example',
  'https://*.harborlight.example/callback',
  'http://localhost:3000/callback',
  'http://127.0.0.1:8080/callback',
  'http://[::1]/callback',
  'http://app.localhost/callback',
];
const APPS = ['harborlight://login/callback', 'com.harborlight.app:/callback'];
/** Good enough for the redirects of an environment in development; whether it is one, the platform knows. */
const HTTP = [
  'http://app.harborlight.example/callback',
  'http://localhost.harborlight.example/',
  'http://myapp.test:3000/cb',
  'http://10.0.0.5:3000/cb',
  'http://host.docker.internal:3000/cb',
];
const NEITHER: readonly [string, string][] = [
  ['nothing', ''],
  ['a path', '/callback'],
  ['a host without scheme', 'localhost:3000/callback'],
  ['a relative reference', '//app.harborlight.example/callback'],
  ['http with a local name for a user', 'http://localhost@harborlight.example/'],
  ['a fragment', 'https://app.harborlight.example/callback#done'],
  ['an empty fragment', 'https://app.harborlight.example/#'],
  ['credentials', 'https://mira:word@app.harborlight.example/'],
  ['a URL without host', 'https:/callback'],
  ['a URL with a slash too many', 'https:///callback'],
  ['backslashes', 'https:\\\\app.harborlight.example\\callback'],
  ['a space', 'https://app.harborlight.example/call back'],
  ['space around it', ' https://app.harborlight.example/'],
  ['a line break', 'https://app.harborlight.example/\ncallback'],
  ['a NUL', 'https://app.harborlight.example/\0'],
  ['a port that is none', 'https://app.harborlight.example:port/'],
  ['a script', 'javascript:alert(1)'],
  ['a script that looks like a URL', 'JavaScript://app.harborlight.example/%0aalert(1)'],
  ['a script with a tab in it', 'java\tscript:/alert(1)'],
  ['data', 'data:text/html,hello'],
  ['data that looks like a URL', 'data:/text/html,hello'],
  ['a file', 'file:///etc/passwd'],
  ['mail', 'mailto:/mira@harborlight.example'],
  ['a host with another dot', 'https://login.harborlight.example\u3002evil.example/'],
  ['a host with a wide dot', 'https://login.harborlight.example\uff0eevil.example/'],
  ['a host with a dot in code', 'https://login.harborlight.example%2eevil.example/'],
  ['a host with a letter in code', 'https://%61pp.harborlight.example/'],
  ['a host with a dot at its end', 'https://app.harborlight.example./callback'],
  ['a host with an empty label', 'https://app..harborlight.example/callback'],
  ...['"', '^', '|', '`'].map((mark) => [`a ${mark}`, `https://app.acme.example/callback${mark}`] as [string, string]),
  ['a host with a label that is too long', `https://${'a'.repeat(64)}.example/callback`],
];

describe('a redirect URI', () => {
  verifies.each('tools.redirect-uris', [...WEB, ...APPS, ...HTTP])('may be %s', (uri) => {
    expect(isRedirectUri(uri)).toBe(true);
  });

  verifies.each('tools.redirect-uris', NEITHER)('cannot be %s', (_name, uri) => {
    expect(isRedirectUri(uri)).toBe(false);
  });
});

describe('a URI that Scalekit itself calls', () => {
  verifies.each('tools.redirect-uris', [...WEB, ...HTTP])('may be %s', (uri) => {
    expect(isHttpUrl(uri)).toBe(true);
  });

  verifies.each('tools.redirect-uris', [...NEITHER.map(([, uri]) => uri), ...APPS])('cannot be %s', (uri) => {
    expect(isHttpUrl(uri)).toBe(false);
  });
});

describe('the URL of an MCP server', () => {
  verifies.each('tools.mcp-servers', WEB)('may be %s', (url) => {
    expect(isWebUrl(url)).toBe(true);
  });

  verifies.each('tools.mcp-servers', [
    ...NEITHER,
    ...APPS.map((uri) => ['the scheme of an app', uri] as [string, string]),
    ...HTTP.map((uri) => ['plain http', uri] as [string, string]),
  ])('cannot be %s', (_name, url) => {
    expect(isWebUrl(url)).toBe(false);
  });
});

describe('a URI with characters that nobody sees', () => {
  verifies.each('arguments.exact', ['\u200b', '\u00ad', '\ufe0f', '\u202e', '\u200d', '\u00a0', '\u{e0041}', 'é'])(
    'is none: %j',
    (character) => {
      for (const uri of [
        `https://new.example.com/cb${character}`,
        `https://new.example.com/c${character}b?a=1`,
        `https://new.example.com?a=${character}`,
        `harborlight://login/cb${character}`,
      ]) {
        expect(isRedirectUri(uri)).toBe(false);
        expect(isWebUrl(uri)).toBe(false);
      }
    },
  );

  verifies('arguments.exact', 'may have a host in letters of any script, and braces of a template', () => {
    expect(isRedirectUri('https://bücher.example/cb')).toBe(true);
    expect(isRedirectUri('https://buch\u200bladen.example/cb')).toBe(false);
    expect(isRedirectUri('https://{tenant}.example.com/cb/{id}')).toBe(isRedirectUri('https://{tenant}.example.com/'));
  });
});
