import { EnvironmentService } from '../contract/published/environments.ts';
import { ApiError, byId, findIn } from '../gateway/api-error.ts';
import { operations, workspaceOperations } from '../gateway/operation.ts';
import type { EnvironmentContent, Store } from '../store.ts';
import { given, replace } from './parts.ts';

export const environmentSettingsOperations = workspaceOperations(EnvironmentService, {
  getEnvironmentSessionSettings: ({ request, store }) => ({
    session_settings: contentOf(request.id, store).sessionSettings.now,
  }),

  // Inferred: values that are messages of their own, and are not sent, stay. A word that is not sent cannot be told from
  // one that is unset, and stays as well.
  updateEnvironmentSessionSettings: ({ request, store }) => {
    const { sessionSettings } = contentOf(request.id, store);
    sessionSettings.now = laidOver(sessionSettings.now, given(request.session_settings));
    return { environment_id: request.id, session_settings: sessionSettings.now };
  },

  getEnvironmentUserManagement: ({ request, store }) => ({
    user_management: contentOf(request.id, store).userManagement.now,
  }),

  updateEnvironmentUserManagement: ({ request, store }) => {
    const { userManagement } = contentOf(request.id, store);
    userManagement.now = laidOver(userManagement.now, given(request.user_management));
    return { environment_id: request.id, user_management: userManagement.now };
  },

  enableFeature: ({ request, store }) => switchFeature(contentOf(request.id, store), request.feature_id, true),

  disableFeature: ({ request, store }) => switchFeature(contentOf(request.id, store), request.feature_id, false),
});

export const environmentLooksOperations = operations(EnvironmentService, {
  getFeatures: ({ request, environment, content }) => {
    refuseOther(request.id, environment.id);
    return { features: content.features };
  },

  getPortalCustomization: ({ request, environment, content: { branding } }) => {
    refuseOther(request.id, environment.id);
    return {
      environmentId: environment.id,
      customization_settings: branding.settings,
      settings: { custom_branding: true, new_self_serve_sso_scim: true, enable_conn_delete: true },
    };
  },
});

function contentOf(id: string, store: Store): EnvironmentContent {
  return store.contentOf(byId(store.environments, id, 'environment'));
}

/** The members that are set, over what is there. */
function laidOver<T extends object>(before: T, changes: T): T {
  const set = Object.entries(changes).filter(([, value]) => value !== undefined && !/UNSPECIFIED$/.test(String(value)));
  return { ...before, ...Object.fromEntries(set) };
}

/** Inferred: a feature has no id but its name. */
function switchFeature({ features }: EnvironmentContent, feature: string, enabled: boolean) {
  const before = findIn(features, ({ name }) => name === feature, 'feature');
  replace(features, before, { ...before, enabled });
  return {};
}

/** Which of the two would win is not known: whoever names two environments must hear of it. */
function refuseOther(named: string, id: string): void {
  if (named === '' || named === id) return;
  throw new ApiError('PERMISSION_DENIED', 'id is not the environment of x-env-domain');
}
