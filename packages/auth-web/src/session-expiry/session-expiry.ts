/** When the session at the server ends. All times are epoch milliseconds. */
export interface SessionExpiry {
  /** The end when nothing more happens. */
  readonly inactivityAt: number;
  /** The end in any case. */
  readonly requiresLoginAt: number;
  /** Whether this device can continue after the end without a password. */
  readonly rememberMeAvailable: boolean;
}
