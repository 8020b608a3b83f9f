import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Message } from '../../src/core/message.ts';
import type { ProtocolOptions } from '../../src/mcp/protocol/server.ts';
import { AskingServer, ask } from './asking-server.ts';

/** A red dot. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** No sound. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const text = (words: string) => ({ type: 'text' as const, text: words });
const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
const embedded = (uri: string, mimeType: string, content: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: content },
});

// biome-ignore lint/suspicious/noExplicitAny: the suite's fixtures have results of every shape.
type Answer = any;
type Fixture = (context: ServerContext, server: AskingServer, args: Record<string, string>) => Answer;

const asked = (message: string, name: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
  });
const sampled = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });

/** The answer of a person to a question, if it has the form of one. */
function given(context: ServerContext, key: string): Answer {
  const response = (context.mcpReq.inputResponses as Record<string, Answer> | undefined)?.[key];
  return typeof response === 'object' && response !== null ? response : undefined;
}

const user = (content: object) => ({ role: 'user', content });
const done = (words: string) => ({ content: [text(words)] });

// State goes through the client, so it is signed.
const KEY = randomBytes(32);
const sign = (state: string) => `${state}.${createHmac('sha256', KEY).update(state).digest('hex')}`;

/** @throws ProtocolError for a state that was not signed here */
function verified(state: unknown): string | undefined {
  if (state === undefined) return undefined;
  const [value = ''] = String(state).split('.');
  if (sign(value) === state) return value;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The state was changed on its way.');
}

const stateOf = ({ mcpReq }: ServerContext) => verified(mcpReq.requestState());

/** Asks once, with a signed state, and then says that it is done. */
const withState: Fixture = (context) =>
  stateOf(context) !== undefined && given(context, 'confirm') !== undefined
    ? done('state-ok')
    : inputRequired({ inputRequests: { confirm: asked('Please confirm', 'ok') }, requestState: sign('1') });

/** Asks for a form while the call runs, as the revisions of 2025 do. */
const asksFor =
  (words: string, properties: object, required?: readonly string[]): Fixture =>
  async ({ mcpReq }, server, { message = words }) => {
    const requestedSchema = { type: 'object', properties, ...(required && { required }) };
    const { action, content } = await ask(server, mcpReq.id, 'elicitation/create', { message, requestedSchema });
    return done(`${words}: action=${action}, content=${JSON.stringify(content ?? {})}`);
  };

const titled = (...titles: string[]) => titles.map((title, i) => ({ const: `value${i + 1}`, title }));
const OPTIONS = ['option1', 'option2', 'option3'];

/** The tools that the suite calls. */
const TOOLS: Readonly<Record<string, Fixture>> = {
  test_simple_text: () => done('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({ isError: true, ...done('This tool intentionally returns an error for testing') }),
  async test_tool_with_logging({ mcpReq }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
      await wait(50);
    }
    return done('Logged.');
  },
  test_logging_tool: () => done('Logged nothing, since nobody asked for it.'),
  async test_tool_with_progress({ mcpReq }) {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken: progressToken as string, progress, total: 100 },
      });
      await wait(50);
    }
    return done('Made progress.');
  },
  async test_sampling({ mcpReq }, server, { prompt = '' }) {
    const messages = [user(text(prompt))];
    const { content } = await ask(server, mcpReq.id, 'sampling/createMessage', { messages, maxTokens: 100 });
    return done(`LLM response: ${content.text}`);
  },
  test_elicitation: asksFor(
    'User response',
    {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    },
    ['username', 'email'],
  ),
  test_elicitation_sep1034_defaults: asksFor('Elicitation completed', {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  }),
  test_elicitation_sep1330_enums: asksFor('Elicitation completed', {
    untitledSingle: { type: 'string', enum: OPTIONS },
    titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
    titledMulti: { type: 'array', items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') } },
  }),
  test_missing_capability: () => inputRequired({ inputRequests: { question: sampled('What?', 10) } }),
  test_streaming_elicitation: () =>
    inputRequired({ inputRequests: { user_name: asked('What is your name?', 'name') } }),
  test_input_required_result_elicitation(context) {
    const name = given(context, 'user_name')?.content?.name;
    if (name !== undefined) return done(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: asked('What is your name?', 'name') } });
  },
  test_input_required_result_sampling(context) {
    const content = given(context, 'capital_question')?.content;
    if (content !== undefined) return done(content.text ?? '');
    return inputRequired({ inputRequests: { capital_question: sampled('What is the capital of France?', 100) } });
  },
  test_input_required_result_list_roots(context) {
    const roots = given(context, 'client_roots')?.roots;
    if (roots !== undefined) return done(JSON.stringify(roots));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },
  test_input_required_result_request_state: withState,
  test_input_required_result_tampered_state: withState,
  test_input_required_result_multiple_inputs(context) {
    if (stateOf(context) !== undefined && given(context, 'client_roots') !== undefined) return done('All are there.');
    return inputRequired({
      inputRequests: {
        user_name: asked('What is your name?', 'name'),
        greeting: sampled('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: sign('1'),
    });
  },
  test_input_required_result_multi_round(context) {
    const state = stateOf(context);
    if (state === '2' && given(context, 'step2') !== undefined) return done('Both steps are done.');
    const isSecond = state === '1' && given(context, 'step1') !== undefined;
    return isSecond
      ? inputRequired({
          inputRequests: { step2: asked('Step 2: What is your favorite color?', 'color') },
          requestState: sign('2'),
        })
      : inputRequired({
          inputRequests: { step1: asked('Step 1: What is your name?', 'name') },
          requestState: sign('1'),
        });
  },
  test_input_required_result_capabilities(_context, server) {
    const { elicitation, sampling } = server.getClientCapabilities() ?? {};
    return inputRequired({
      inputRequests: {
        ...(elicitation && { user_name: asked('What is your name?', 'name') }),
        ...(sampling && { greeting: sampled('Generate a greeting', 50) }),
      },
    });
  },
};

/** The prompts that the suite gets. */
const PROMPTS: Readonly<Record<string, { readonly takes: readonly string[]; readonly get: Fixture }>> = {
  test_simple_prompt: { takes: [], get: () => ({ messages: [user(text('This is a simple prompt for testing.'))] }) },
  test_prompt_with_arguments: {
    takes: ['arg1', 'arg2'],
    get: (_context, _server, { arg1, arg2 }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  },
  test_prompt_with_embedded_resource: {
    takes: ['resourceUri'],
    get: (_context, _server, { resourceUri = '' }) => ({
      messages: [
        user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
        user(text('Please process the embedded resource above.')),
      ],
    }),
  },
  test_prompt_with_image: {
    takes: [],
    get: () => ({ messages: [user(image), user(text('Please analyze the image above.'))] }),
  },
  test_input_required_result_prompt: {
    takes: [],
    get(context) {
      const used = given(context, 'user_context')?.content?.context;
      if (used !== undefined) return { messages: [user(text(String(used)))] };
      return inputRequired({
        inputRequests: { user_context: asked('What context should the prompt use?', 'context') },
      });
    },
  },
};

const RESOURCES = [
  { uri: 'test://static-text', name: 'text', description: 'A text', mimeType: 'text/plain' },
  { uri: 'test://static-binary', name: 'binary', description: 'An image', mimeType: 'image/png' },
];

function contentsOf(uri: string): object {
  if (uri === 'test://static-text') {
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  }
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: PNG };
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Resource not found', { uri });
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  return { uri, mimeType: 'application/json', text: JSON.stringify(data) };
}

/** A server of the SDK with what the official conformance suite asks for. */
export function fixtureServer({ method }: Pick<ProtocolOptions, 'method'>): Server {
  const hint = { ttlMs: 0, cacheScope: 'private' } as const;
  const server = new AskingServer(
    method === 'initialize',
    { name: 'fixtures', version: '1' },
    {
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} },
      cacheHints: {
        'tools/list': hint,
        'prompts/list': hint,
        'resources/list': hint,
        'resources/templates/list': hint,
      },
    },
  );
  const inputSchema = { type: 'object' as const };
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(TOOLS).map((name) => ({ name, description: `The fixture ${name}`, inputSchema })),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) => {
    const tool = TOOLS[params.name];
    if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown tool');
    return tool(context, server, (params.arguments ?? {}) as Record<string, string>);
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(PROMPTS).map(([name, { takes }]) => ({
      name,
      description: `The fixture ${name}`,
      arguments: takes.map((argument) => ({ name: argument, description: argument, required: true })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) => {
    const prompt = PROMPTS[params.name];
    if (prompt === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown prompt');
    return prompt.get(context, server, params.arguments ?? {});
  });
  server.setRequestHandler('resources/list', () => ({ resources: RESOURCES }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', description: 'Data by id' }],
  }));
  server.setRequestHandler('resources/read', ({ params }) => ({ contents: [contentsOf(params.uri)] as never }));
  server.setRequestHandler('resources/subscribe', () => ({}));
  server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.setRequestHandler('completion/complete', () => ({ completion: { values: ['paris', 'park', 'party'] } }));
  return server;
}

/** The tools that send something before their result. */
const STREAMING: ReadonlySet<string> = new Set([
  'test_sampling',
  'test_elicitation',
  'test_elicitation_sep1034_defaults',
  'test_elicitation_sep1330_enums',
  'test_tool_with_logging',
  'test_tool_with_progress',
  'test_streaming_elicitation',
  'test_logging_tool',
]);

/** Whether something is sent before the answer to a message, or the transport of the SDK has to send a header with it. */
export function mayStream({ method, params }: Message): boolean {
  return method === 'initialize' || (method === 'tools/call' && STREAMING.has(String(params['name'])));
}
