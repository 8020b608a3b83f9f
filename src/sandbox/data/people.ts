import { PERSON_IDS } from './ids.ts';

/** Somebody of the workspace who can sign in. */
export interface Person {
  /** Subject of their tokens, and their member id. */
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly role: 'ADMIN' | 'USER';
  /** Name of their role in the dashboard. */
  readonly mayDo: 'admin' | 'member' | 'integrations_k3v9';
  readonly title: string;
  readonly joinedAt: string;
}

export const PEOPLE: readonly Person[] = [
  {
    id: PERSON_IDS.admin,
    givenName: 'Mira',
    familyName: 'Okafor',
    email: 'mira@harborlight.example',
    role: 'ADMIN',
    mayDo: 'admin',
    title: 'Platform engineer, workspace admin',
    joinedAt: '2025-02-03T09:12:44Z',
  },
  {
    id: PERSON_IDS.colleague,
    givenName: 'Jonas',
    familyName: 'Lindqvist',
    email: 'jonas@harborlight.example',
    role: 'USER',
    mayDo: 'member',
    title: 'Customer support, mostly looks things up',
    joinedAt: '2025-06-16T07:40:05Z',
  },
  {
    id: PERSON_IDS.integrator,
    givenName: 'Priya',
    familyName: 'Raman',
    email: 'priya@harborlight.example',
    role: 'USER',
    mayDo: 'integrations_k3v9',
    title: 'Integrations engineer: changes connections and agents in development, not customers',
    joinedAt: '2025-09-08T06:55:31Z',
  },
];
