import { createHash } from 'node:crypto';
import { once } from '../core/once.ts';
import { type Drawing, pngOf } from './png.ts';

/** An icon in the form of MCP. */
export interface Icon {
  readonly src: string;
  readonly mimeType: string;
}

const SVG = 'image/svg+xml';
const COLOR = '#4f6df5';

/** One drawing for each toolset, as the data of an SVG path on a square of 16 units. */
const DRAWINGS: Readonly<Record<string, string>> = {
  session: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 14a6 5 0 0 1 12 0',
  discovery: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3 3',
  docs: 'M8 4c-2-2-4-2-6-2v10c2 0 4 0 6 2 2-2 4-2 6-2V2c-2 0-4 0-6 2zM8 4v10',
  status: 'M2 9h3l2-6 3 10 2-4h2',
  environments: 'M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3',
  environment_settings: 'M8 2l6 3-6 3-6-3zM2 11h6M2 14h12M10 9.5v3',
  custom_domains: 'M2 3h12v10H2zM2 6h12M4 4.5h1M6 10h4',
  roles: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
  permissions: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4zM6 7l2 2 3-3',
  scopes: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  environment_clients: 'M5 14a3 3 0 1 1 2-5l7-7M11 5l2 2',
  redirect_uris: 'M2 12V8a3 3 0 0 1 3-3h8M10 2l3 3-3 3',
  workspace: 'M2 5h12v8H2zM6 5V3h4v2M2 9h12',
  dashboard_roles: 'M2 2h12v9H2zM6 14h4M8 11v3M5 6l2 2 4-4',
  organizations: 'M3 14V2h7v12M10 6h3v8M1 14h14M5 5h3M5 8h3M5 11h3',
  users: 'M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1 14a5 5 0 0 1 10 0M11 3a2.5 2.5 0 0 1 0 5M13 14a5 5 0 0 0-2-4',
  user_sessions:
    'M6 7a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1 13a5 5 0 0 1 8-4M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 10.5V12l1 1',
  admin_portal: 'M4 14V2h8v12M2 14h12M9 8h1',
  organization_roles: 'M2 14V3h6v11M4 6h2M4 9h2M12 6l3 1v2c0 2-1 3-3 4-2-1-3-2-3-4V7z',
  organization_settings: 'M2 4h12M2 8h12M2 12h12M5 2v4M11 6v4M6 10v4',
  organization_domains: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12',
  organization_clients: 'M3 2h10v7H3zM1 12h14M5 5h1M8 5h3',
  api_tokens: 'M6 11a4 4 0 1 1 3.5-6H15v3h-2v2h-3.5A4 4 0 0 1 6 11zM5 7h1',
  connections: 'M7 9l2-2M6 6l2-2a3 3 0 0 1 4 4l-2 2M10 10l-2 2a3 3 0 0 1-4-4l2-2',
  directories: 'M2 3h5l1 2h6v8H2zM8 7v4M6 9h4',
  custom_connectors: 'M5 2v4M11 2v4M3 6h10v3a5 5 0 0 1-10 0zM8 14v1',
  logs: 'M3 2h10v12H3zM5 5h6M5 8h6M5 11h4',
  webhooks: 'M5 11a3 3 0 1 1 3-5M11 11a3 3 0 1 1-3 1H4M8 6l3 5M6 9l2-3',
  mcp_clients: 'M2 3h5v4H2zM9 9h5v4H9zM7 5h4v4M5 7v4h4',
  mcp_servers: 'M2 3h12v4H2zM2 9h12v4H2zM5 5h1M5 11h1',
  mcp_configs: 'M3 1h7l3 3v11H3zM5 6h6M5 9h6M5 12h4',
  mcp_instances: 'M5 5h9v9H5zM2 11V2h9',
  agent_tools: 'M10 2a4 4 0 0 0-3 5l-5 5 2 2 5-5a4 4 0 0 0 5-5l-2 2-2-2z',
  connected_accounts: 'M6 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1 14a5 5 0 0 1 9-3M10 13l2 2 3-4',
  app_connections: 'M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z',
};
/** For a toolset without a drawing. */
const OTHER = 'M3 3h10v10H3z';

/** A file that this server serves. Its name changes with its content, so it may be kept for ever. */
interface IconFile {
  readonly path: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const files = new Map(
  [...Object.entries(DRAWINGS), ['tools', OTHER] as const].map(([name, d]) => [name, file(name, d)]),
);

function file(name: string, path: string): IconFile {
  const bytes = Buffer.from(svgOf(`<path d="${path}"/>`));
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { path: `/icons/${name}.${version}.svg`, mimeType: SVG, bytes };
}

/** All icons of toolsets, by the path at which they are served. */
export const ICON_FILES: ReadonlyMap<string, IconFile> = new Map([...files.values()].map((one) => [one.path, one]));

/**
 * The icon of the tools of a toolset. It is a URL, because the same data in each tool would be an eighth of the list.
 * @param origin of this server as clients reach it
 */
export function iconOf(toolset: string, origin: string): Icon {
  const { path, mimeType } = (files.get(toolset) ?? files.get('tools')) as IconFile;
  return { src: origin + path, mimeType };
}

/** A key. */
const KEY: Drawing = {
  circles: [[5, 11, 3]],
  lines: [
    [7.1, 8.9, 14, 2],
    [11, 5, 13, 7],
  ],
};

/**
 * The icons of the server itself, within its identity: clients must be able to read PNG, and should read SVG. As Base64,
 * the one form that the protocol has for data. Drawn when they are first asked for.
 */
export const serverIcons: () => readonly Icon[] = once(() => [
  dataIcon('image/png', pngOf(KEY, 48, COLOR)),
  dataIcon(SVG, Buffer.from(svgOf(shapesOf(KEY)))),
]);

function dataIcon(mimeType: string, bytes: Buffer): Icon {
  return { src: `data:${mimeType};base64,${bytes.toString('base64')}`, mimeType };
}

/** A whole SVG without styles and scripts, which the strictest Content-Security-Policy shows. */
function svgOf(shapes: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="${COLOR}">${shapes}</svg>`;
}

function shapesOf({ circles, lines }: Drawing): string {
  return [
    ...circles.map(([x, y, radius]) => `<circle cx="${x}" cy="${y}" r="${radius}"/>`),
    ...lines.map(([x1, y1, x2, y2]) => `<path d="M${x1} ${y1}L${x2} ${y2}"/>`),
  ].join('');
}
