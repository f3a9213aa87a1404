/** Longer than Graph's servers disagree, short enough for a photo to come back meanwhile. */
export const removalConfirmMs = 300_000;
