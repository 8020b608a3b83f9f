// The answers of the management API in the measurements: an environment, or a list of organizations.

const time = '2026-01-01T00:00:00Z';
const organizations = Array.from({ length: 10 }, (_, i) => ({
  id: `org_${i}`,
  display_name: `Organization ${i}`,
  create_time: time,
  update_time: time,
  region_code: 'US',
  external_id: `external-${i}`,
  metadata: { plan: 'enterprise' },
  settings: { features: [{ name: 'sso', enabled: true }] },
}));

const list = bytesOf({ organizations, next_page_token: 'next', prev_page_token: '', total_size: 100 });
const environment = bytesOf({ environment: { id: 'env_1', domain: 'env-1.example.com' } });

/** Whether a request is the look-up of an environment, which comes before the first call into it. */
export const isLookUp = (path) => path.startsWith('/api/v1/environments/');

/** The bytes of the answer. */
export const answerTo = (path) => (isLookUp(path) ? environment : list);

function bytesOf(value) {
  return Buffer.from(JSON.stringify(value));
}
