/** What the URL of the endpoint may ask for, by the names of its parameters. */
export const URL_PARAMETERS = ['toolsets', 'tools', 'read_only', 'environment', 'apps'] as const;
