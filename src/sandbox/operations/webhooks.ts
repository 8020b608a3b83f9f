import { randomBytes } from 'node:crypto';
import { WebhookService } from '../contract/published/webhooks.ts';
import { invalid } from '../gateway/api-error.ts';
import { operations } from '../gateway/operation.ts';
import { now } from './parts.ts';

/** Of those that Scalekit documents, which have a sample here. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'organization.created': { id: 'org_71204418093057001', display_name: 'Tidewater Logistics' },
  'user.login': { email: 'ada@example.com' },
  'organization.directory.user_created': { email: 'ada@example.com', given_name: 'Ada' },
  'connected_account.status_updated': { status: 'ACTIVE' },
};

export const webhooksOperations = operations(WebhookService, {
  /** A new link at each call. Nothing is behind it here. */
  getPortalURL: ({ store }) => ({
    url: `${store.url}/webhooks/portal?key=${randomBytes(24).toString('base64url')}`,
  }),

  /** Nobody has an endpoint here, so that it goes nowhere. */
  sendTestEvent: ({ request: { event_type }, environment, store }) => {
    const data = SAMPLES[event_type];
    if (data === undefined) {
      throw invalid({ field: 'event_type', description: 'value is not an event type', constraint: 'event_type.known' });
    }
    const payload = { spec_version: '1', id: store.newId('evt'), type: event_type, occurred_at: now() };
    return { event_type, event_payload: { ...payload, environment_id: environment.id, data } };
  },
});
