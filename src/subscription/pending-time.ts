/** How long a subscription's id may stay unknown after Graph was asked for it: the answer to the POST may be lost. */
export const pendingMs = 10 * 60 * 1000;
