import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Health, Readiness } from '../core/health.ts';
import { sendJson } from './answer.ts';

const LIVE_PATH = '/health/live';
const READY_PATH = '/health/ready';
/** The paths that are asked by whatever watches this server. */
export const PROBE_PATHS: readonly string[] = ['/health', LIVE_PATH, READY_PATH];

export interface HealthOptions {
  readonly health: () => Promise<Health>;
  /** Must be cheap: probes call it every few seconds, and the path is public. */
  readonly ready: () => Promise<Readiness>;
}

/**
 * The public health routes: path and handler. `/health` is for people and monitoring, the other two are for what runs
 * this process, such as Kubernetes. None of them shows a secret.
 */
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
 * Answers probes while the app is not ready yet: a process that is starting is alive, but not ready.
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
