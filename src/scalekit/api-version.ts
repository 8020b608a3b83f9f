/**
 * The version of the management API that this server was written and tested against, sent with every request to Scalekit
 * as `x-api-version`, as Scalekit's own SDKs do. What the API makes of it is not documented; it is meant to keep a change
 * of the API's default from reaching this server unseen (docs/unconfirmed.md#version).
 */
export const API_VERSION = { 'x-api-version': '20261012' } as const;
