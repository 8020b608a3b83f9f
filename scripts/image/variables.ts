/**
 * Expands variables in a text as a Dockerfile does: `$NAME`, `${NAME}`, `${NAME:-otherwise}`.
 * @throws Error for a variable that is not set, which a container engine would silently replace by nothing
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g, (whole, plain, braced, otherwise) => {
    const value = variables[plain ?? braced];
    if (value) return value;
    if (otherwise !== undefined) return otherwise;
    if (value === undefined) throw new Error(`${whole} is not set here`);
    return value;
  });
}
