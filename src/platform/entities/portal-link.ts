import { z } from 'zod';

/** A link into the admin portal of one organization (`scalekit.v1.organizations.Link`). */
export const PortalLink = z.object({
  id: z.string().nullish(),
  location: z.string().describe('A secret, since whoever opens it can change the organization’s SSO and directory'),
  expire_time: z.string().nullish().describe('As Scalekit gives it'),
});

/** The same without what makes it a credential. */
export const ListedPortalLink = PortalLink.omit({ location: true }).extend({ id: z.string() });
