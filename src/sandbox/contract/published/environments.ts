import { RegionCodeSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb.js';
import { enumeration, list, message, of, one, optional, text, time } from '../notation.ts';
import { rpc, service, WORKSPACE } from '../service.ts';
import { nextPage, pageRequest } from './paging.ts';

const id = text({ min_len: 1, max_len: 32, prefix: 'env' });

export const EnvironmentSchema = message('scalekit.v1.environments.Environment', {
  id,
  create_time: time(),
  update_time: time(),
  display_name: text({ min_len: 1, max_len: 200 }),
  domain: text({ min_len: 1, max_len: 250 }),
  region_code: one(RegionCodeSchema),
  type: one(enumeration('scalekit.v1.commons.EnvironmentType', ['ENVIRONMENT_TYPE_UNSPECIFIED', 'PRD', 'DEV'])),
  custom_domain: optional(text()),
  custom_domain_status: one(
    enumeration('scalekit.v1.environments.CustomDomainStatus', [
      'UNSPECIFIED',
      'PENDING',
      'ACTIVE',
      'FAILED',
      'INITIAL',
    ]),
  ),
});

export const EnvironmentService = service('scalekit.v1.environments.EnvironmentService', {
  listEnvironment: rpc('GET /environments', {
    accepts: WORKSPACE,
    request: pageRequest,
    response: { ...nextPage, environments: list(of(EnvironmentSchema)) },
  }),
  getEnvironment: rpc('GET /environments/{id}', {
    accepts: WORKSPACE,
    permissions: ['environment_settings:read'],
    request: { id },
    response: { environment: of(EnvironmentSchema) },
  }),
});
