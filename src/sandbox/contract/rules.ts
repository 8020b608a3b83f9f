import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Validator } from '@bufbuild/protovalidate';
import { loadProtovalidate, pathToString } from './protobuf.ts';

/** One field of a request that breaks a rule of its descriptor (buf.validate). */
export interface BrokenRule {
  /** Path in the request message, such as `organization.metadata["team"]`. */
  readonly field: string;
  readonly description: string;
  /** Id of the rule, such as `string.max_len`. */
  readonly constraint: string;
  /** Whether it is the key of a map's entry that breaks it. */
  readonly forKey: boolean;
}

/** Compiles the rules of a message on first use, and keeps them. */
let validator: Validator | undefined;

/**
 * Every rule that a message breaks, in the order of its fields.
 * @throws Error for a rule that cannot be understood
 */
export function brokenRules<Desc extends DescMessage>(desc: Desc, message: MessageShape<Desc>): BrokenRule[] {
  validator ??= loadProtovalidate().createValidator();
  const result = validator.validate(desc, message);
  if (result.kind === 'error') throw result.error;
  return (result.violations ?? []).map(({ field, message: description, ruleId: constraint, forKey }) => ({
    field: pathToString(field),
    description,
    constraint,
    forKey,
  }));
}
