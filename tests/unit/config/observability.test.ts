import { expect } from 'vitest';
import { parseConfig } from '../../../src/config/config.ts';
import { problemsOf } from '../../fixtures/config.ts';
import { verifies } from '../../verifies.ts';

verifies('metrics.config', 'the log has a file of its own, if any', () => {
  const problem = expect.stringMatching(/^LOG_FILE: it is the file of AUDIT_LOG/);
  expect(problemsOf({ AUDIT_LOG: '/var/a.jsonl', LOG_FILE: '/var/b/../a.jsonl' })).toEqual([problem]);
  expect(parseConfig({ LOG_FILE: 'server.jsonl' }).observability.logFile).toBe('server.jsonl');
  expect(parseConfig({}).observability).toEqual({ metrics: undefined, logFile: undefined });
});

verifies('metrics.config', 'metrics have a port of their own', () => {
  expect(problemsOf({ METRICS_PORT: 'many', METRICS_HOST: 'a b' })).toEqual([
    expect.stringMatching(/^METRICS_PORT: /),
    expect.stringMatching(/^METRICS_HOST: /),
  ]);
  expect(problemsOf({ METRICS_PORT: '3002' })).toEqual([expect.stringMatching(/^METRICS_PORT: 3002 is PORT already/)]);
  expect(problemsOf({ METRICS_PORT: '3003' })).toEqual([expect.stringMatching(/SANDBOX_PORT already/)]);
  expect(problemsOf({ METRICS_PORT: '0', PORT: '0' })).toEqual([]);
  expect(problemsOf({ METRICS_ALLOWED_HOSTS: 'http://a' })).toEqual([
    expect.stringMatching(/^METRICS_ALLOWED_HOSTS: /),
  ]);
  expect(
    parseConfig({ METRICS_PORT: '9464', METRICS_ALLOWED_HOSTS: 'A.example, [::1]' }).observability.metrics,
  ).toEqual({
    host: '127.0.0.1',
    port: 9464,
    allowedHosts: ['a.example', '[::1]'],
  });
});
