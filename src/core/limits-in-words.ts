/**
 * The member of a schema's metadata that says in words which limits a check enforces that are not among its keywords. Each
 * keyword costs tokens in the list of tools; a few words in the description, which every program shows, are enough. An
 * empty text: what it is part of says them.
 */
export const LIMITS_IN_WORDS = 'x-limits';
