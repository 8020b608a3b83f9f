/**
 * The id of the environment that a call acts in, for a path that names it. Tools that need it are not offered where an
 * environment's own client acts, whose id nobody has told it.
 * @throws Error when such a tool is offered all the same, which is a defect
 */
export function ownId(environmentId: string | undefined): string {
  if (environmentId === undefined) throw new Error('A tool asks for the id of an environment that is not known.');
  return environmentId;
}
