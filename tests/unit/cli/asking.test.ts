import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import { askWhich, demandYes } from '../../../src/cli/asking.ts';
import type { Host } from '../../../src/cli/command.ts';
import { verifies } from '../../verifies.ts';

const STEERS = 'Ac\u001b]0;title\u0007me\u009b2J\r\u202e';

/** A terminal at which somebody types, and what it was sent. */
function terminal(typed: string) {
  const [input, questions] = [new PassThrough(), new PassThrough()];
  let drawn = '';
  let hasTyped = false;
  questions.on('data', (piece) => {
    drawn += piece;
    if (hasTyped || !drawn.includes('title')) return;
    hasTyped = true;
    // It listens to the keyboard once it has drawn.
    setImmediate(() => input.write(typed));
  });
  const host = { stdin: () => input, output: { questions } } as unknown as Host;
  return { host, drawn: () => drawn };
}

verifies('cli.output', 'a question shows what would steer a terminal, and does not do it', async () => {
  const choosing = terminal(' \r');
  expect(await askWhich(choosing.host, STEERS, [{ value: 'a', label: STEERS, hint: STEERS }])).toEqual(['a']);
  const agreeing = terminal('y');
  await demandYes(agreeing.host, STEERS);
  for (const { drawn } of [choosing, agreeing]) {
    expect(drawn()).toContain('Ac\ufffd]0;title');
    for (const steering of ['\u001b]', '\u0007', '\u009b', '\u202e']) expect(drawn()).not.toContain(steering);
  }
});

verifies('cli.output', 'who breaks a question off has agreed to nothing', async () => {
  await expect(demandYes(terminal('\u0003').host, STEERS)).rejects.toThrow('Nothing was changed.');
  const none = askWhich(terminal('\u0003').host, STEERS, [{ value: 'a', label: 'b' }]);
  await expect(none).rejects.toThrow('Nothing was changed.');
});
