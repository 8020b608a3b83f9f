import { SKILLS_EXTENSION_ID } from '@modelcontextprotocol/server/ext/skills';

/** The extensions of MCP that this server announces, with their settings. */
export const EXTENSIONS = { [SKILLS_EXTENSION_ID]: { directoryRead: true } };

/** The first revision that knows extensions. */
export const EXTENSIONS_SINCE = '2025-11-25';
