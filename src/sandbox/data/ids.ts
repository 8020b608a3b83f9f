/** Ids of the seed data. Fixed, so that bookmarks, transcripts and tests name the same things after every start. */
export const WORKSPACE_ID = 'wks_71204418093056000';

/** The organization of the workspace's own people: `oid` of their tokens. */
export const HOME_ORGANIZATION_ID = 'org_71204418093056900';

export const ENVIRONMENT_IDS = {
  development: 'env_71204418093056001',
  production: 'env_71204418093056002',
} as const;

export type EnvironmentName = keyof typeof ENVIRONMENT_IDS;

/** What `x-env-domain` names. */
export const ENVIRONMENT_DOMAINS = {
  development: 'harborlight-dev.scalekit.example',
  production: 'harborlight.scalekit.example',
} as const;

export const PERSON_IDS = {
  /** Administers the workspace. */
  admin: 'usr_71204418093056101',
  /** Works in support and mostly looks things up. */
  colleague: 'usr_71204418093056102',
  /** Connects systems: changes connections and agents in development, and nothing of customers. */
  integrator: 'usr_71204418093056103',
} as const;

/** Members of the workspace who do not sign in to the sandbox. */
export const MEMBER_IDS = {
  /** Whose contract is over. */
  contractor: 'usr_71204418093056104',
  /** Invited, and not there yet. */
  auditor: 'usr_71204418093056105',
} as const;

/** The one role of the dashboard that the workspace has made itself. */
export const CUSTOM_DASHBOARD_ROLE_ID = 'drole_71204418093056505';

/** Customers in the development environment, oldest first. */
export const DEVELOPMENT_ORGANIZATION_IDS = {
  tidewater: 'org_71204418093057001',
  quayside: 'org_71204418093057002',
  meridian: 'org_71204418093057003',
  polder: 'org_71204418093057004',
  lagerhaus: 'org_71204418093057005',
  driftwood: 'org_71204418093057006',
  umi: 'org_71204418093057007',
  granary: 'org_71204418093057008',
  consortium: 'org_71204418093057009',
  anchorage: 'org_71204418093057010',
  bluefin: 'org_71204418093057011',
  ferrypoint: 'org_71204418093057012',
  samphire: 'org_71204418093057013',
} as const;

/** Customers in production, oldest first. */
export const PRODUCTION_ORGANIZATION_IDS = {
  tidewater: 'org_71204418093059001',
  meridian: 'org_71204418093059002',
  lagerhaus: 'org_71204418093059003',
  driftwood: 'org_71204418093059004',
  umi: 'org_71204418093059005',
  anchorage: 'org_71204418093059006',
} as const;

export type OrganizationName = keyof typeof DEVELOPMENT_ORGANIZATION_IDS;

/** The ids of the customers that an environment has. */
export const ORGANIZATION_IDS: Readonly<Record<EnvironmentName, Readonly<Partial<Record<OrganizationName, string>>>>> =
  {
    development: DEVELOPMENT_ORGANIZATION_IDS,
    production: PRODUCTION_ORGANIZATION_IDS,
  };

/** SSO connections in development. */
export const DEVELOPMENT_CONNECTION_IDS = {
  /** The environment's own: people sign in with their Okta test tenant. */
  okta: 'conn_71204418093063001',
  /** The environment's own, begun and left. */
  draft: 'conn_71204418093063002',
  /** The environment's own, complete but switched off. */
  auth0: 'conn_71204418093063003',
  tidewater: 'conn_71204418093063004',
  meridian: 'conn_71204418093063005',
  /** An organization's, by SAML. */
  lagerhaus: 'conn_71204418093063006',
  /** An organization's, begun and left. */
  lagerhausDraft: 'conn_71204418093063007',
  /** An organization's, by SAML, complete but switched off. */
  umi: 'conn_71204418093063008',
  consortium: 'conn_71204418093063009',
  anchorage: 'conn_71204418093063010',
  polder: 'conn_71204418093063011',
  /** The environment's own: social logins. */
  google: 'conn_71204418093063012',
  github: 'conn_71204418093063013',
  /** The environment's own: signs in the users of one of the seeded MCP servers. */
  customsPortal: 'conn_71204418093064061',
} as const;

/** Clients of MCP servers in development, and who agreed to what they may do. */
export const DEVELOPMENT_SERVER_CLIENT_IDS = {
  /** Made for one application: the dispatchers' assistant. */
  dispatcher: 'm2m_71204418093064401',
  /** Made for one application, and hardly used. */
  nightShift: 'm2m_71204418093064402',
  /** Registered itself. */
  editor: 'm2m_71204418093064403',
  /** Known by its metadata document. */
  notebook: 'm2m_71204418093064404',
  /** Of another server. */
  customs: 'm2m_71204418093064405',
  /** Of the server that nobody uses any more. */
  tariffs: 'm2m_71204418093064406',
} as const;

export const DEVELOPMENT_CONSENT_IDS = {
  miraEditor: 'usrcnst_71204418093064501',
  adaEditor: 'usrcnst_71204418093064502',
  adaNotebook: 'usrcnst_71204418093064503',
  mateusTariffs: 'usrcnst_71204418093064504',
} as const;

/** Domains of organizations in development. */
export const DEVELOPMENT_DOMAIN_IDS = {
  tidewater: 'dom_71204418093063104',
  /** Given up by its organization. */
  tidewaterOld: 'dom_71204418093063105',
  /** Not verified yet, although its DNS record is there. */
  meridian: 'dom_71204418093063106',
  lagerhaus: 'dom_71204418093063107',
  /** Verified, and led to no connection yet. */
  lagerhausShop: 'dom_71204418093063108',
  /** Not verified in time, for want of its DNS record. */
  umi: 'dom_71204418093063109',
  polder: 'dom_71204418093063110',
  /** Only says who may be offered the organization. */
  polderStaff: 'dom_71204418093063111',
} as const;

/** OAuth scopes in development. */
export const DEVELOPMENT_SCOPE_IDS = {
  shipmentsRead: 'scp_71204418093061201',
  shipmentsWrite: 'scp_71204418093061202',
  /** Switched off. */
  invoices: 'scp_71204418093061203',
  /** Given up. */
  manifests: 'scp_71204418093061204',
} as const;

/** Sign-ins that tried out a connection of the development environment. */
export const CONNECTION_TEST_IDS = {
  worked: 'test_71204418093063301',
  failed: 'test_71204418093063302',
} as const;

/** Directories of organizations in development. */
export const DEVELOPMENT_DIRECTORY_IDS = {
  tidewater: 'dir_71204418093063401',
  lagerhaus: 'dir_71204418093063402',
  /** Switched off. */
  consortium: 'dir_71204418093063403',
  anchorage: 'dir_71204418093063404',
  /** Switched off, and given up. */
  polder: 'dir_71204418093063405',
} as const;

/** Groups in the directory of one organization in development. */
export const DEVELOPMENT_GROUP_IDS = {
  dispatch: 'dirgroup_71204418093063501',
  office: 'dirgroup_71204418093063502',
  warehouse: 'dirgroup_71204418093063503',
} as const;

/** Clients of the development environment. */
export const DEVELOPMENT_CLIENT_IDS = {
  /** The environment's own. */
  own: 'skc_71204418093064101',
  driverApp: 'skc_71204418093064102',
  /** With two secrets. */
  fleetConsole: 'skc_71204418093064103',
  /** Of a trial that is over. */
  oldKiosk: 'skc_71204418093064104',
} as const;

/** API clients of organizations in development. */
export const DEVELOPMENT_ORGANIZATION_CLIENT_IDS = {
  /** Carries orders over from the customer's own system, with two secrets. */
  tidewaterOrders: 'm2morg_71204418093063601',
  /** Of an integration that is no longer used. */
  tidewaterOld: 'm2morg_71204418093063602',
  lagerhausScanner: 'm2morg_71204418093063603',
  meridianReports: 'm2morg_71204418093063604',
} as const;

/** API tokens of organizations in development, and of one of their users. */
export const DEVELOPMENT_API_TOKEN_IDS = {
  tidewaterExport: 'apit_71204418093063701',
  tidewaterOld: 'apit_71204418093063702',
  /** Acts for one user. */
  lagerhausJuergen: 'apit_71204418093063703',
} as const;

/** Links into the admin portal of organizations in development. */
export const DEVELOPMENT_PORTAL_LINK_IDS = {
  meridian: 'lnk_71204418093063901',
  quayside: 'lnk_71204418093063902',
} as const;
