import type { Effect } from '../core/tool.ts';

interface Icon {
  readonly src: string;
  readonly mimeType: string;
}

const DOCUMENT = 'M3 1h7l3 3v11H3zM5 6h6M5 9h6M5 12h4';
const PLUS = 'M8 2v12M2 8h12';
const PENCIL = 'M2 14l1-4 8-8 3 3-8 8z';
const BIN = 'M2 4h12M6 4V2h4v2M4 4l1 11h6l1-11';
const KEY = 'M5 14a3 3 0 1 1 2-5l7-7M11 5l2 2';

const BY_EFFECT: Readonly<Record<Effect, Icon>> = {
  read: draw(DOCUMENT),
  add: draw(PLUS),
  overwrite: draw(PENCIL),
  destroy: draw(BIN),
};

/** The icon of the server itself. */
export const serverIcon = draw(KEY);

/** The icon for what a tool does to the platform. */
export function iconOf(effect: Effect): Icon {
  return BY_EFFECT[effect];
}

/** An icon as a data URL. Clients have nothing to fetch, so no third party learns who reads the list. */
function draw(path: string): Icon {
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='#4f6df5'><path d='${path}'/></svg>`;
  const data = encodeURIComponent(svg).replace(/%(3D|2F|3A)/g, decodeURIComponent);
  return { src: `data:image/svg+xml,${data}`, mimeType: 'image/svg+xml' };
}
