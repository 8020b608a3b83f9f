import { optionalText, text } from './fields.ts';
import type { Field } from './message.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** An e-mail address; unset reads as "", which is none. */
export function email(): Field<string> {
  return {
    ...text(),
    check(value, field) {
      if (EMAIL.test(value)) return [];
      return [{ field, description: 'value must be a valid email address', constraint: 'string.email' }];
    },
  };
}

/** An absolute URL that may be unset. */
export function optionalUrl(): Field<string | undefined> {
  return {
    ...optionalText(),
    check(value, field) {
      if (value === undefined || URL.canParse(value)) return [];
      return [{ field, description: 'value must be a valid URI', constraint: 'string.uri' }];
    },
  };
}
