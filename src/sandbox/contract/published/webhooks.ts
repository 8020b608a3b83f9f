import { struct, text } from '../notation.ts';
import { rpc, service } from '../service.ts';

const WRITE = { permissions: ['webhooks:write'] };

export const WebhookService = service('scalekit.v1.webhooks.WebhookService', {
  getPortalURL: rpc('GET /webhooks/portal-url', { ...WRITE, response: { url: text() } }),
  sendTestEvent: rpc('POST /webhooks/test-event/{event_type}', {
    ...WRITE,
    request: { event_type: text({ min_len: 1, max_len: 255 }) },
    response: { event_type: text(), event_payload: struct() },
  }),
});
