import type { JsonObject as Json } from '@bufbuild/protobuf';

/** What a third party answered. */
type Outcome =
  | { readonly data: Json; readonly failure?: undefined }
  | { readonly data?: undefined; readonly failure: { readonly code: string; readonly message: string } };

const CHANNELS = [
  { id: 'C01YARD', name: 'yard' },
  { id: 'C02DELAY', name: 'delays' },
];

const PAGE = { id: 'pg-cold-chain', title: 'Cold chain: what to do when a reefer fails' };

const ACTIONS: Readonly<Record<string, (params: Json) => Outcome>> = {
  gmail_fetch_mails: ({ max_results }) => ({
    data: { messages: Array.from({ length: Math.min(Number(max_results ?? 3), 500) }, (_, i) => mail(i + 1)) },
  }),
  gmail_get_message_by_id: ({ message_id }) => ({
    data: { ...mail(1), id: message_id ?? '', body: 'The Aurelia berths six hours late. Please replan the yard.' },
  }),
  slack_send_message({ channel, text }) {
    const known = CHANNELS.find(({ id, name }) => id === channel || name === channel);
    if (known === undefined) return { failure: { code: 'channel_not_found', message: 'Slack: channel_not_found' } };
    return { data: { ok: true, channel: known.id, message: { text: text ?? '' } } };
  },
  slack_list_channels: () => ({ data: { channels: CHANNELS } }),
  notion_page_search: () => ({ data: { results: [PAGE] } }),
  notion_page_content_get: ({ page_id }) => ({ data: { page_id: page_id ?? '', markdown: `# ${PAGE.title}` } }),
  'c-tide-tables_next-high-water': ({ quay }) => ({
    data: { quay: quay ?? '', high_water: '2026-01-21T03:42:00Z', metres: 4.1 },
  }),
};

/** Stands in for Gmail, Slack and the like: nothing leaves the sandbox. */
export function actAtThirdParty(tool: string, params: Json): Outcome {
  const action = ACTIONS[tool];
  if (action === undefined) throw new Error(`The sandbox offers ${tool} and cannot carry it out.`);
  return action(params);
}

function mail(number: number): Json {
  return {
    id: `msg-${number}`,
    from: 'notices@quayside.example',
    subject: `Delay notice ${number}`,
    snippet: 'Vessel Aurelia berths six hours late; containers for Tidewater are affected.',
  };
}
