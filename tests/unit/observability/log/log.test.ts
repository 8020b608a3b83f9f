import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { createLog, type LogOptions } from '../../../../src/observability/log/log.ts';
import { verifies } from '../../../verifies.ts';

/** What a logger writes. */
function written(pretty: boolean, level: LogOptions['level'] = 'debug') {
  const sink = new PassThrough({ encoding: 'utf8' });
  return { log: createLog({ level, sink, pretty }), text: () => String(sink.read() ?? '') };
}

const ESC = '\u001b';
const BANNER = '┏━━┓\n┃ab┃\n┗━━┛';

verifies('log.line', 'a line for people has the time, the event and the facts, in colours', () => {
  const { log, text } = written(true);
  for (const level of ['error', 'warn', 'info', 'debug'] as const) log[level]('request', { status: 200, rpc: 'ping' });
  const lines = text().split('\n');
  expect(lines.pop()).toBe('');
  const facts = `${ESC}[90mstatus=${ESC}[0m200 ${ESC}[90mrpc=${ESC}[0mping`;
  const time = `${ESC}[90m00:00:00.000${ESC}[0m`;
  expect(lines.map((line) => line.replace(/\d\d:\d\d:\d\d\.\d{3}/, '00:00:00.000'))).toEqual(
    [31, 33, 36, 90].map((colour) => `${time} ${ESC}[${colour}mrequest${ESC}[0m ${facts}`),
  );
});

verifies('log.line', 'a line for people shows the banner below it, and leaves out what is not known', () => {
  const { log, text } = written(true);
  log.warn('sandbox', { url: 'http://localhost:3003', banner: BANNER, tool: undefined });
  const [first, ...below] = text().split('\n');
  expect(first).toMatch(/url=.{4}http:\/\/localhost:3003$/);
  expect(below.join('\n')).toBe(`${BANNER}\n`);
});

verifies('log.line', 'a line for people lets no text move the cursor or recolour anything', () => {
  const { log, text } = written(true);
  const hostile = `a${ESC}[2J\r\n\t\u0000\u007f\u009b31m\u0085 b`;
  log.info('request', { path: hostile, nested: { reason: hostile }, list: [hostile] });
  const ours = [0, 36, 90].reduce((line, colour) => line.replaceAll(`${ESC}[${colour}m`, ''), text());
  expect(ours.endsWith('\n')).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(ours.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  const escaped = String.raw`"a\u001b[2J\r\n\t\u0000\u007f\u009b31m\u0085 b"`;
  expect(ours).toContain(`path=${escaped} nested={"reason":${escaped}} list=[${escaped}]`);
});

verifies('log.line', 'a line for people quotes text in which a fact could end', () => {
  const { log, text } = written(true);
  log.info('request', { rpc: 'ping outcome=ok', empty: '' });
  expect(text()).toContain(`rpc=${ESC}[0m"ping outcome=ok" ${ESC}[90mempty=${ESC}[0m""`);
});

verifies('log.line', 'a line for machines is JSON and never holds the banner', () => {
  const { log, text } = written(false);
  log.warn('sandbox', { banner: BANNER, url: 'http://localhost:3003' });
  log.info('only a banner', { banner: BANNER });
  log.info('nothing');
  const lines = text().split('\n').slice(0, -1);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { timestamp: expect.any(String), level: 'warn', event: 'sandbox', url: 'http://localhost:3003' },
    { timestamp: expect.any(String), level: 'info', event: 'only a banner' },
    { timestamp: expect.any(String), level: 'info', event: 'nothing' },
  ]);
});

verifies('log.line', 'a level keeps what is less important out', () => {
  const { log, text } = written(false, 'warn');
  log.info('request');
  log.debug('protocol');
  log.warn('tool_failure');
  expect(text()).toMatch(/^\{[^\n]*"event":"tool_failure"\}\n$/);
});

verifies.each('log.file', [true, false])(
  'a file gets the lines for machines, whoever reads the others (people: %s)',
  (pretty) => {
    const [sink, file] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })];
    const log = createLog({ level: 'info', sink, pretty, file });
    log.warn('sandbox', { url: 'http://localhost:3003', banner: BANNER });
    log.debug('unwanted');
    const line = String(file.read());
    expect(JSON.parse(line)).toEqual({
      timestamp: expect.any(String),
      level: 'warn',
      event: 'sandbox',
      url: 'http://localhost:3003',
    });
    const shown = String(sink.read());
    if (pretty) expect(shown).toMatch(/sandbox.*\n┏/);
    else expect(shown).toBe(line);
  },
);

verifies('workers.named', 'a line of a worker has its number, for people and for machines', () => {
  const lineOf = (pretty: boolean) => {
    const sink = new PassThrough();
    createLog({ level: 'info', sink, pretty, worker: 3 }).info('keys_changed');
    return String(sink.read());
  };
  expect(JSON.parse(lineOf(false))).toMatchObject({ event: 'keys_changed', worker: 3 });
  expect(lineOf(true)).toMatch(/worker=\S*3/);
});
