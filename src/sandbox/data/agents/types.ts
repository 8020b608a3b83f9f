/** A connection to a third-party service that agents act in (`scalekit.v1.connections.ListConnection`). */
export interface AppConnection {
  readonly id: string;
  readonly provider: 'CUSTOM' | 'GOOGLE' | 'SALESFORCE';
  readonly type: 'OAUTH' | 'API_KEY';
  readonly status: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';
  readonly enabled: boolean;
  readonly organization_id: string;
  readonly ui_button_title: string;
  readonly domains: readonly string[];
  readonly organization_name: string;
  readonly provider_key: string;
  /** What other messages call connector or connection_name. */
  readonly key_id: string;
  readonly created_at: string;
  readonly mcp_server_url: string;
}

type AccountStatus = 'ACTIVE' | 'EXPIRED' | 'PENDING_AUTH' | 'PENDING_VERIFICATION' | 'DISCONNECTED';

/** What one user has authorized on one connection (`scalekit.v1.connected_accounts.ConnectedAccountForList`). */
export interface ConnectedAccount {
  readonly id: string;
  readonly identifier: string;
  readonly provider: string;
  readonly status: AccountStatus;
  readonly authorization_type: 'OAUTH' | 'API_KEY';
  readonly token_expires_at: string | null;
  readonly updated_at: string;
  readonly connector: string;
  readonly last_used_at: string | null;
  readonly connection_id: string;
}

/** `scalekit.v1.tools.Tool` */
export interface AgentTool {
  readonly id: string;
  readonly provider: string;
  readonly definition: {
    readonly name: string;
    readonly description: string;
    readonly input_schema: {
      readonly type: 'object';
      readonly properties: Readonly<Record<string, unknown>>;
      readonly required: readonly string[];
    };
  };
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly is_default: boolean;
  readonly updated_at: string;
}

/** A tool that exists for everybody, or for one account alone. */
export interface OfferedTool {
  readonly tool: AgentTool;
  readonly accountId?: string;
}

/** `scalekit.v1.mcp.McpConfig` */
export interface McpConfig {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly connection_tool_mappings: readonly ToolMapping[];
  readonly mcp_server_url: string;
}

export interface ToolMapping {
  readonly connection_id: string;
  readonly connection_name: string;
  readonly provider: string;
  /** None means all. */
  readonly tools: readonly string[];
}

/** `scalekit.v1.mcp.McpInstance`, with the id of its config instead of the config. */
export interface McpInstance {
  readonly id: string;
  readonly name: string;
  readonly user_identifier: string;
  readonly config_id: string;
  readonly last_used_at: string | null;
  readonly updated_at: string;
  readonly url: string;
}
