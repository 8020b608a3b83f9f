import type { Host } from './command.ts';
import { type HostedOptions, withHosted } from './hosted.ts';
import type { SelectingOptions } from './selecting.ts';
import { narrowedUrl } from './server-url.ts';

/**
 * Forwards messages between stdin and stdout and a hosted server until the input ends, nobody reads the output, or a signal
 * comes; then the process ends with 0. A person is asked to sign in when that is needed.
 * @param url of the server
 * @throws CommandFailure when it cannot begin
 */
export async function bridgeOverStdio(
  host: Host,
  url: string,
  options: HostedOptions & SelectingOptions,
): Promise<void> {
  const { startBridge } = await import('../bridge/bridge.ts');
  await withHosted(host, { ...options, url: narrowedUrl(url, options).href }, true, async (server) => {
    const bridge = startBridge({
      server: server.url,
      fetch: server.fetch,
      input: host.stdin(),
      output: host.stdout,
      tell: (text) => host.output.say(text),
    });
    const stop = () => void bridge.stop();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
    await bridge.finished;
  });
  // The input may stay open after a signal, and would keep the process running.
  host.stdin().destroy();
}
