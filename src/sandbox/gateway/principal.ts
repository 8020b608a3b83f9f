/** Who calls the management API. */
export type Principal =
  /** A person of the workspace, or the machine client that stands in for one. */
  | { readonly kind: 'workspace'; readonly subject: string; readonly clientId: string }
  /** The client of one environment, which it cannot leave. */
  | { readonly kind: 'client'; readonly subject: string; readonly clientId: string; readonly environmentId: string };
