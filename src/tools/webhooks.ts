import { z } from 'zod';
import { checkAnswer } from '../core/check-answer.ts';
import { sentence } from '../core/sentence.ts';
import { toolset } from '../core/toolset.ts';
import { Members } from '../platform/entities/members.ts';
import { trimmed } from '../platform/exact.ts';
import { sendTestEvent } from '../platform/logs.ts';
import { path } from '../platform/path.ts';
import { note, WEBHOOK_PORTAL_NOTE } from './fields/notes.ts';

const Link = z.object({ url: z.string().min(1) });

const eventType = trimmed(z.string())
  .refine(
    (type) => /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){1,9}$/.test(type) && type.length <= 255,
    'must look like user.login',
  )
  .describe('Such as organization.created');

/** The webhooks by which applications learn of events. */
export const webhooks = toolset('webhooks', { area: 'environment', rare: true }, (t) => [
  t.add('get_webhook_portal_url', {
    title: 'Get the URL of the webhook portal',
    foundBy:
      'add a webhook, failed deliveries, receive events at our server, be told when something changes, replay events',
    description:
      'Make a secret link to the webhook portal, where a person can configure webhooks (endpoints), see failed deliveries and replay them.',
    discloses: ['url'],
    output: { url: z.string(), note },
    does: () => sentence`Make a secret link to the webhook portal of the environment.`,
    run: async (_args, { api }) => {
      const { url } = checkAnswer(Link, await api.get(path`/webhooks/portal-url`), 'write');
      return { url, note: WEBHOOK_PORTAL_NOTE };
    },
  }),

  t.add('send_test_webhook_event', {
    foundBy: 'is our webhook working, simulate an event, try a webhook',
    description:
      'Send a test (sample) event to the webhook endpoints of an environment, to try them out. They may take it for a real one.',
    openWorld: true,
    input: { eventType },
    output: { event_type: z.string(), event_payload: Members.nullish().describe('What was sent') },
    does: ({ eventType }) => sentence`Send a test event of type ${eventType} to the webhook endpoints.`,
    run: ({ eventType }, { api }) => sendTestEvent(api, eventType),
  }),
]);
