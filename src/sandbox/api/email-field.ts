import { text } from './fields.ts';
import type { Field } from './message.ts';

/** What the HTML standard takes for an email address, which is also what the API's validation library asks. */
const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** An email address; unset reads as "", which is none. */
export function email(): Field<string> {
  return {
    ...text(),
    check(value, field) {
      if (EMAIL.test(value)) return [];
      const description = value === '' ? 'value is empty, which is not a valid email address' : 'must be a valid email';
      return [{ field, description, constraint: 'string.email' }];
    },
  };
}
