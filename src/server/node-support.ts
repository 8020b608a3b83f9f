/** When the security support of a Node.js line ends (https://github.com/nodejs/release). Odd lines have little of it. */
const END_OF_SUPPORT: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
};

/**
 * Says since when a line of Node.js gets no security fixes.
 * @param version as in `process.versions.node`
 * @returns a date, or undefined while it gets them, and for lines that are not known here
 */
export function unsupportedSince(version: string, now: Date): string | undefined {
  const end = END_OF_SUPPORT[Number.parseInt(version, 10)];
  return end !== undefined && now > new Date(`${end}T23:59:59Z`) ? end : undefined;
}
