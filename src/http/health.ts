import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Health, Readiness } from '../core/health.ts';
import { sendJson } from './answer.ts';

const LIVE_PATH = '/health/live';
const READY_PATH = '/health/ready';

export interface HealthOptions {
  readonly health: () => Promise<Health>;
  /** Must be cheap: probes come every few seconds, and so may anybody. */
  readonly ready: () => Promise<Readiness>;
}

/** Public, without secrets, by path: `/health` for people and monitors, the other two for what runs this process. */
export function healthRoutes({ health, ready }: HealthOptions): readonly (readonly [string, RequestHandler])[] {
  return [
    [
      '/health',
      (_request, response, next) => {
        health().then((report) => sendJson(response, report.status === 'healthy' ? 200 : 503, report), next);
      },
    ],
    [LIVE_PATH, (_request, response) => sendAlive(response)],
    [
      READY_PATH,
      (_request, response, next) => {
        ready().then((readiness) => sendReadiness(response, readiness), next);
      },
    ],
  ];
}

/**
 * Answers probes before the app is there: a process that is starting lives, but is not ready.
 * @returns whether the request was a probe, and has been answered
 */
export function answersEarlyProbe({ method, url = '' }: IncomingMessage, response: ServerResponse): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const path = url.split('?', 1)[0];
  if (path === LIVE_PATH) sendAlive(response);
  else if (path === READY_PATH) sendReadiness(response, 'starting');
  else return false;
  return true;
}

function sendAlive(response: ServerResponse): void {
  sendJson(response, 200, { status: 'alive' });
}

function sendReadiness(response: ServerResponse, status: Readiness): void {
  sendJson(response, status === 'ready' ? 200 : 503, { status });
}
