/** One field that an embedded form got wrong, as the server reports it. */
export interface FieldError {
  field?: string;
  code?: string;
  message?: string;
}

/**
 * The codes this package raises itself. Errors of the authorization server keep the code they have on the wire
 * (`access_denied`, `invalid_scope`, `server_error`, …), so `code` is open for others.
 */
export type AuthErrorCode =
  | 'login_required'
  | 'interaction_required'
  | 'consent_required'
  | 'account_selection_required'
  | 'invalid_grant'
  | 'account_denied'
  | 'session_changed'
  | 'renewal_deferred'
  | 'timeout'
  | 'frame_blocked'
  | 'network'
  | 'state_mismatch'
  | 'issuer_mismatch'
  | 'invalid_id_token'
  | 'invalid_response'
  | 'insecure_context'
  | 'browser_required'
  | 'storage_unavailable'
  | 'part_unavailable'
  | 'origin_not_allowed'
  | 'configuration'
  | 'not_offered'
  | (string & {});

/** What every rejection of this package is. Neither message nor cause ever holds a token, a code or a verifier. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  declare readonly code: AuthErrorCode;
  declare readonly description: string | null | undefined;
  /** HTTP status of the answer behind this error, when there was one. */
  declare readonly status?: number;
  /** What an embedded form got wrong, field by field. */
  readonly errors: readonly FieldError[] = [];

  constructor(
    code: AuthErrorCode,
    description?: string | null,
    more?: { cause?: unknown; status?: number; errors?: FieldError[] },
  ) {
    super(description ? `${code}: ${description}` : code);
    Object.assign(this, { code, description }, more);
  }

  /** The OAuth name of `code`, for callers that compare `e.error`. */
  get error(): string {
    return this.code;
  }
}

export const isAuthError = (error: unknown, code?: AuthErrorCode): error is AuthError =>
  error instanceof AuthError && (!code || error.code === code);
