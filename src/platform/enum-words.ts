/**
 * Enums of the API, by its published descriptors: the words in the order of their numbers, from 1 on. JSON of protocol
 * buffers may write either, and writers differ in the case of words.
 */
export const PROVIDERS = [
  ...(['OKTA', 'GOOGLE', 'MICROSOFT_AD', 'AUTH0', 'ONELOGIN', 'PING_IDENTITY', 'JUMPCLOUD', 'CUSTOM'] as const),
  ...(['GITHUB', 'GITLAB', 'LINKEDIN', 'SALESFORCE', 'MICROSOFT', 'IDP_SIMULATOR', 'SCALEKIT', 'ADFS'] as const),
] as const;
export const CONNECTION_TYPES = [
  ...['OIDC', 'SAML', 'PASSWORD', 'OAUTH', 'PASSWORDLESS', 'BASIC', 'BEARER', 'API_KEY', 'WEBAUTHN', 'OAUTH_M2M'],
  ...['TRELLO_OAUTH1', 'GOOGLE_DWD', 'TRUSTED_IDP', 'SMART_FHIR', 'NO_AUTH'],
];
export const CONFIGURATION_TYPES = ['DISCOVERY', 'MANUAL'];
export const OIDC_SCOPES = ['openid', 'profile', 'email', 'address', 'phone'] as const;
export const TOKEN_AUTH_TYPES = ['URL_PARAMS', 'BASIC_AUTH'] as const;
export const NAME_ID_FORMATS = ['UNSPECIFIED', 'EMAIL', 'TRANSIENT', 'PERSISTENT'] as const;
export const REQUEST_BINDINGS = ['HTTP_POST', 'HTTP_REDIRECT'] as const;
export const SAML_SIGNING_OPTIONS = [
  ...(['NO_SIGNING', 'SAML_ONLY_RESPONSE_SIGNING', 'SAML_ONLY_ASSERTION_SIGNING'] as const),
  ...(['SAML_RESPONSE_ASSERTION_SIGNING', 'SAML_RESPONSE_OR_ASSERTION_SIGNING'] as const),
] as const;
export const CONNECTION_STATES = ['DRAFT', 'IN_PROGRESS', 'COMPLETED'] as const;
export const DIRECTORY_TYPES = ['SCIM', 'LDAP', 'POLL'] as const;
export const DIRECTORY_PROVIDERS = [
  ...(['OKTA', 'GOOGLE', 'MICROSOFT_AD', 'AUTH0', 'ONELOGIN', 'JUMPCLOUD', 'PING_IDENTITY'] as const),
] as const;
export const REGIONS = ['US', 'EU'] as const;
export const ENVIRONMENT_TYPES = ['PRD', 'DEV'] as const;
export const AUTHENTICATION_MODES = ['MODULAR_AUTH', 'FULL_STACK_AUTH'] as const;
export const COOKIE_PERSISTENCE = ['PERSISTENT', 'SESSION'] as const;
export const SAME_SITE = ['LAX_MODE', 'NONE_MODE'] as const;
export const TIME_UNITS = ['MINUTES', 'HOURS', 'DAYS'] as const;
export const ORGANIZATIONS_OF_USERS = ['SINGLE_ORGANIZATION', 'MULTIPLE_ORGANIZATIONS'] as const;
export const ACCOUNT_STATES = ['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED'];
export const DOMAIN_TYPES = ['ALLOWED_EMAIL_DOMAIN', 'ORGANIZATION_DOMAIN'] as const;
export const POLICY_SOURCES = ['APPLICATION', 'CUSTOM'] as const;
export const MEMBER_ROLES = ['ADMIN', 'USER'];

/** A word of an enum as `words` spell it, whether the API writes its number or another case. Others stay as they are. */
export function wordOf<Shown extends string | null | undefined>(words: readonly string[], shown: Shown) {
  if (typeof shown !== 'string') return shown;
  if (isNumber(shown)) return Number(shown) === 0 ? undefined : (words[Number(shown) - 1] ?? shown);
  return words.find((word) => word.toLowerCase() === shown.toLowerCase()) ?? shown;
}

/** What a call asked for of an enum beside what the API shows. A number without a word cannot be compared. */
export function askedWord(words: readonly string[], asked: string | undefined, shown: string | null | undefined) {
  const word = wordOf(words, shown);
  return { asked: word && isNumber(word) ? undefined : asked, shown: word };
}

/** The same for a list of words. */
export function askedWords(words: readonly string[], asked: readonly string[] | undefined, shown: readonly string[]) {
  const known = shown.map((word) => wordOf(words, word));
  return { asked: known.some((word) => word && isNumber(word)) ? undefined : asked, shown: known };
}

function isNumber(word: string): boolean {
  return /^\d+$/.test(word);
}
