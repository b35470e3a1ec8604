// Apart from the code that waits, so that bundlers write the numbers where they are used.

/** Milliseconds for one request to the authorization server. */
export const REQUEST_LIMIT = 10_000;

/** Milliseconds for a whole visit in a hidden frame, and for a message of a callback page that has loaded. */
export const FRAME_LIMIT = 10_000;
export const FRAME_GRACE = 1_000;

/** Milliseconds after which a page that is still here is taken to stay. */
export const LEAVING = 10_000;

/** Milliseconds that a sign-in by redirect may take. */
export const SIGN_IN_LIMIT = 600_000;

/** Seconds that clocks may differ. */
export const SKEW = 300;
