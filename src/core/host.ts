/** A label of a host, in letters of any script; wildcards and templates stand for one. */
const LABEL = String.raw`[\p{L}\p{M}\p{N}_*{}-]{1,63}`;

/**
 * The pattern of the name of a host as people read it, for expressions with the flags `iu`: with no other dots than those of
 * ASCII, nothing encoded, no empty label and no dot at its end, all of which parsers accept (WHATWG URL, domain to ASCII).
 */
export const HOST_NAME = String.raw`(?:${LABEL}\.)*${LABEL}`;
