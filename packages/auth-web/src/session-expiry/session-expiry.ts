/** When the session at the server ends. All times are epoch milliseconds. */
export interface SessionExpiry {
  /** The end when nothing more happens. */
  readonly inactivityAt: number;
  /** The end in any case. */
  readonly requiresLoginAt: number;
  /** Whether this device can continue after the end without a password. */
  readonly rememberMeAvailable: boolean;
}

/**
 * The session as one object for as long as a person is signed in: a renewal moves the times that its fields tell, not the object, so
 * that what holds on to it is neither stale nor drawn again.
 */
export const liveExpiry = (newest: () => SessionExpiry): SessionExpiry => ({
  get inactivityAt() {
    return newest().inactivityAt;
  },
  get requiresLoginAt() {
    return newest().requiresLoginAt;
  },
  get rememberMeAvailable() {
    return newest().rememberMeAvailable;
  },
});
