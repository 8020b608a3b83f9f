/** Something that was mended, or can be. */
export interface Fix {
  /** What it changes, for a person to read. */
  readonly shown: string;
  /** @throws when it could not be done */
  readonly apply: () => Promise<unknown>;
}

/** What the doctor has looked at. */
export const AREAS = {
  machine: 'This machine',
  settings: 'Settings',
  scalekit: 'Scalekit',
  server: 'Server',
  sign_ins: 'Sign-ins',
  clients: 'Clients',
} as const;

/** The outcome of one check. Nothing in it is secret. */
export interface Check {
  readonly area: keyof typeof AREAS;
  readonly check: string;
  /** `not_known`: it could not be looked at. */
  readonly state: 'pass' | 'warn' | 'fail' | 'not_known';
  readonly seen: string;
  readonly to_do?: string;
  readonly fix?: Fix;
}

/** Makes the checks of one area. */
export function checksOf(area: Check['area']) {
  return {
    pass: (check: string, seen: string): Check => ({ area, check, state: 'pass', seen }),
    warn: (check: string, seen: string, to_do: string, fix?: Fix): Check => ({
      ...{ area, check, state: 'warn', seen, to_do },
      ...(fix && { fix }),
    }),
    fail: (check: string, seen: string, to_do: string, fix?: Fix): Check => ({
      ...{ area, check, state: 'fail', seen, to_do },
      ...(fix && { fix }),
    }),
    unknown: (check: string, seen: string): Check => ({ area, check, state: 'not_known', seen }),
  };
}
