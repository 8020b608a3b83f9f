import { expect } from 'vitest';
import { healthOf } from '../../../src/core/health.ts';
import { verifies } from '../../verifies.ts';

verifies(
  'package.revision',
  'a build that knows its commit says it, and one that knows none says nothing of it',
  () => {
    const services = { oauth_server: 'healthy', management_api: 'unknown' } as const;
    expect(healthOf(services, { version: '1', revision: 'abc1234' })).toMatchObject({
      version: '1',
      revision: 'abc1234',
    });
    expect(healthOf(services, { version: '1', revision: undefined })).not.toHaveProperty('revision');
  },
);
