import type { SessionExpiry } from '@linden/auth-web';

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
