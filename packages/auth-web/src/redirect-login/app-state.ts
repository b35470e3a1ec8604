/** What the app wants back after a sign-in by redirect. */
export interface AuthAppState {
  /** Where to go on. Followed inside the app's own origin only. */
  returnTo?: string;
  [key: string]: unknown;
}

/** Takes out a `returnTo` that leads out of the app: `https://elsewhere`, `//elsewhere`, `javascript:…` and their disguises. */
export function safeAppState(appState: unknown): AuthAppState | undefined {
  const state = appState as AuthAppState | null | undefined;
  if (typeof state !== 'object' || state?.returnTo === undefined) return state ?? undefined;
  try {
    if (new URL(state.returnTo, location.href).origin === location.origin) return state;
  } catch {
    // Not an address at all.
  }
  const { returnTo: _, ...rest } = state;
  return rest;
}
