import { describe, expect } from 'vitest';
import { entryOf } from '../../src/access/entry.ts';
import { catalogue } from '../../src/tools/index.ts';
import { exampleArguments } from '../fixtures/example-calls.ts';
import { sharedServer } from '../fixtures/shared-server.ts';
import { type JsonSchema, withText } from '../fixtures/text-arguments.ts';
import { verifies } from '../verifies.ts';

const { call, asked } = sharedServer({ AGENT_TOOL_EXECUTION: 'on' });

const CONNECTION = 'conn_71204418093063001';
const ACCOUNT = 'ca_71204418093065101';
const WAY_OUT = 'Give the value itself, or leave this out where it may stay as it is.';
const MARKED = [
  '[redacted]',
  ' [redacted] ',
  'of [redacted], as shown',
  'https://a.example/%5Bredacted%5D',
  '[REDACTED]',
];
/** Where an entry of a list is named as it is shown. A mark alone names none. */
const AS_SHOWN = ['remove_redirect_uri', 'remove_post_logout_redirect_uri', 'remove_back_channel_logout_uri'];

const refused = (field: string) => ({
  code: 'invalid_arguments',
  retryable: false,
  field,
  message: `Correct the arguments and call again. ${field}: [redacted] stands where a secret was left out; it cannot be written back. ${WAY_OUT}`,
});

const writing = catalogue.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const);

describe('the mark of redaction', () => {
  verifies.each('arguments.masked', writing)('is no value of any text argument of %s', async (name, tool) => {
    const schema = entryOf(tool, { takesEnvironment: true, isConfirmable: tool.preview !== undefined, origin: '' })
      .listed.inputSchema as JsonSchema;
    for (const text of MARKED) {
      if (AS_SHOWN.includes(name) && text.trim() !== '[redacted]') continue;
      for (const { path, args } of withText(schema, exampleArguments(tool), text)) {
        expect((await call(name, args as Record<string, unknown>)).error, text).toMatchObject(refused(path.join('.')));
      }
    }
    expect(asked()).toEqual([]);
  });

  verifies.each<[string, string, Record<string, unknown>, string]>('arguments.masked', [
    [
      'a name of a member',
      'create_organization',
      { name: 'A', metadata: { 'a [redacted]': 'b' } },
      'metadata.a [redacted]',
    ],
    ['a text of JSON', 'execute_agent_tool', { paramsJson: '{"a":[{"b":"\\u005bredacted]"}]}' }, 'paramsJson.a.0.b'],
    ['an object for JSON', 'execute_agent_tool', { paramsJson: { a: 'x [redacted]' } }, 'paramsJson'],
    [
      'a text in a list',
      'create_mcp_config',
      { name: 'a', connection_tool_mappings: [{ connection_name: 'MY_GMAIL', tools: ['a', '[redacted]'] }] },
      'connection_tool_mappings.0.tools.1',
    ],
  ])('is refused in %s', async (_name, tool, args, field) => {
    const target = tool === 'execute_agent_tool' ? { toolName: 'gmail_fetch_mails', connectedAccountId: ACCOUNT } : {};
    expect((await call(tool, { ...target, ...args })).error).toMatchObject(refused(field));
    expect(asked()).toEqual([]);
  });

  verifies('arguments.masked', 'may be looked for', async () => {
    expect((await call('search_connected_accounts', { query: 'of [redacted]' })).data.connected_accounts).toEqual([]);
    expect((await call('list_mcp_instances', { user_identifier: '[redacted]' })).data.instances).toEqual([]);
  });
});

describe('signs that stand for a secret', () => {
  const SIGNS = ['********', '•', '●●●●', 'xxxx', 'XXX', ' **** ', '*x•'];

  verifies.each('arguments.masked', SIGNS)('are no secret: %j', async (signs) => {
    const calls = [
      ['update_environment_oidc_connection', 'oidc_config.client_secret', { oidc_config: { client_secret: signs } }],
      ['create_organization', 'metadata.api_key', { metadata: { api_key: signs } }],
      [
        'execute_agent_tool',
        'paramsJson.login.password',
        { paramsJson: JSON.stringify({ login: { password: signs } }) },
      ],
      ['execute_agent_tool', 'paramsJson.secrets.0', { paramsJson: JSON.stringify({ secrets: [signs] }) }],
    ] as const;
    for (const [name, field, args] of calls) {
      const tool = writing.find(([one]) => one === name)?.[1];
      const { error } = await call(name, { ...(tool && exampleArguments(tool)), ...args });
      expect(error).toMatchObject({
        code: 'invalid_arguments',
        field,
        message: expect.stringMatching(
          `: \\S+ stands where a secret was left out; it cannot be written back. ${WAY_OUT}`,
        ),
      });
    }
    expect(asked()).toEqual([]);
  });

  verifies('arguments.masked', 'are values like others where no secret stands, and in a longer secret', async () => {
    const { data } = await call('create_organization', { name: 'xXx', metadata: { rating: '***' } });
    expect(data.organization).toMatchObject({ display_name: 'xXx', metadata: { rating: '***' } });
    const oidc_config = { client_secret: 'x*x*x*x*x*x*x*x9' };
    const { error } = await call('update_environment_oidc_connection', { connectionId: CONNECTION, oidc_config });
    expect(error).toBeUndefined();
  });
});
