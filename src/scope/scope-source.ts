/** Where a person stands to the groups and lists that say for whom the app writes. */
export interface Standing {
  /** Nobody is named, so everyone is in; or the person is named, or in the pilot group. */
  isIncluded: boolean;
  /** In the exclusion group, which wins. */
  isExcluded: boolean;
}

/** For whom the app writes. */
export interface ScopeSource {
  /** Right after `unknownBecause` was called, by the same reading; otherwise by one of the last second. */
  standingOf(personId: string): Promise<Standing>;
  /**
   * Why it can't be told now for whom to write, so that nothing may be written for anyone; undefined if it can. Looked
   * up anew each time: one request where groups are configured, none otherwise.
   */
  unknownBecause(): Promise<string | undefined>;
}

/** By the settings alone. */
export function scopeOfSettings(settings: { pilotUsers: ReadonlySet<string> | undefined }): ScopeSource {
  return {
    standingOf: async (personId) => ({
      isIncluded: settings.pilotUsers?.has(personId) ?? true,
      isExcluded: false,
    }),
    unknownBecause: async () => undefined,
  };
}
