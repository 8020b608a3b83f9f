/** Calls a tool, and gives what it has found or made. */
export type Call = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;

/** A customer that is being set up. */
export interface Customer {
  readonly organizationId: string;
  readonly name: string;
  /** The domain of its people's addresses. */
  readonly domain: string;
}

interface Role {
  readonly name: string;
  readonly display_name?: string;
}

/** What sets up one customer, step by step: each step gives lines that say what it came to. */
export class Onboarding {
  readonly #call: Call;
  readonly #customer: Customer;
  #user: { readonly id: string; readonly email: string } | undefined;

  /**
   * @param call calls a tool
   * @param customer an organization that exists
   */
  constructor(call: Call, customer: Customer) {
    this.#customer = customer;
    this.#call = (tool, args) => call(tool, { organizationId: customer.organizationId, ...args });
  }

  /** Allows single sign-on and directory sync, which the customer's own administrator then sets up. */
  async allowFeatures(): Promise<string[]> {
    const feature = [
      { name: 'sso', enabled: true },
      { name: 'dir_sync', enabled: true },
    ];
    await this.#call('update_organization_settings', { feature });
    return ['single sign-on and directory sync are switched on for them'];
  }

  /** Says which addresses are theirs, and how they prove it. */
  async addDomain(): Promise<string[]> {
    const { domain } = this.#customer;
    const added = (await this.#call('add_organization_domain', { domain }))['domain'] as Record<string, unknown>;
    const record = [added['txt_record_name'], added['txt_record_value']].filter((part) => typeof part === 'string');
    return [
      `whoever has an address at ${domain} belongs to them`,
      record.length === 2
        ? `they prove it with a DNS record: ${record[0]} TXT ${record[1]}`
        : `state of the domain: ${added['verification_status']}`,
    ];
  }

  /** Makes the link with which their administrator connects their identity provider. */
  async makePortalLink(): Promise<string[]> {
    const { link } = await this.#call('generate_admin_portal_link', { features: ['sso', 'dir_sync'] });
    const { location, expire_time } = link as { readonly location: string; readonly expire_time: string };
    const { origin, pathname } = new URL(location);
    return [
      `a link to their admin portal: ${origin}${pathname.slice(0, 14)}…`,
      `good until ${expire_time}, and for their administrator alone, so that it is not shown whole here`,
    ];
  }

  /** Makes the first user, who gets no mail from a demonstration. */
  async inviteAdministrator(): Promise<string[]> {
    const email = `ada@${this.#customer.domain}`;
    const { user } = await this.#call('create_organization_user', {
      email,
      firstName: 'Ada',
      lastName: 'Osei',
      sendInvitationEmail: false,
    });
    this.#user = { id: (user as { readonly id: string }).id, email };
    return [`Ada Osei <${email}> is their first user`];
  }

  /** Gives that user the role for administrators, or the first that there is. */
  async giveRole(): Promise<string[]> {
    const { roles } = await this.#call('list_environment_roles', { organizationId: undefined });
    const offered = roles as readonly Role[];
    const role = offered.find(({ name }) => name === 'admin') ?? offered[0];
    if (this.#user === undefined || role === undefined) throw new Error('There is nobody, or no role, to go on with.');
    await this.#call('assign_user_roles', { userId: this.#user.id, roles: [role.name] });
    return [
      `of the roles ${offered.map(({ name }) => name).join(', ')}, Ada has ${role.display_name ?? role.name} now`,
    ];
  }

  /** Reads everything back, as somebody does who comes to it later. */
  async lookAtIt(): Promise<string[]> {
    const userId = this.#user?.id;
    const [shown, domains, users, roles, links] = await Promise.all([
      this.#call('get_organization_details', {}),
      this.#call('list_organization_domains', {}),
      this.#call('list_organization_users', {}),
      this.#call('list_user_roles', { userId }),
      this.#call('list_admin_portal_links', {}),
    ]);
    const { display_name, settings } = shown['organization'] as {
      readonly display_name: string;
      readonly settings?: { readonly features?: readonly { readonly name: string; readonly enabled: boolean }[] };
    };
    const features = (settings?.features ?? []).filter(({ enabled }) => enabled).map(({ name }) => name);
    const names = (list: unknown, member: string) =>
      (list as readonly Record<string, unknown>[]).map((entry) => entry[member]).join(', ');
    const people = users['users'] as readonly { readonly email: string }[];
    return [
      `customer   ${display_name}, ${this.#customer.organizationId}`,
      `features   ${features.join(', ')}`,
      `domain     ${names(domains['domains'], 'domain')} (${names(domains['domains'], 'verification_status')})`,
      `people     ${people.map(({ email }) => email).join(', ')}, with the roles ${names(roles['roles'], 'name')}`,
      `portal     ${(links['links'] as readonly unknown[]).length} link open`,
    ];
  }
}
