/** What the app wants back after a sign-in by redirect. */
export interface AuthAppState {
  /** Where to go on. Followed inside the app's own origin only. */
  returnTo?: string;
  [key: string]: unknown;
}

/** Takes out a `returnTo` that leads out of the app: `https://elsewhere`, `//elsewhere`, `javascript:…` and their disguises. */
export function safeAppState(appState: AuthAppState | undefined): AuthAppState | undefined {
  try {
    if (new URL(String(appState?.returnTo), location.href).href.startsWith(`${location.origin}/`)) return appState;
  } catch {
    // Not an address at all.
  }
  const { returnTo: _, ...rest } = appState ?? {};
  return rest;
}
