import type { IdentityClaims } from '@linden/auth-web';

/** The scope that a member of customer service asks for besides what a call needs. */
export const CSR_SCOPE: string = import.meta.env.VITE_AUTH_CSR_SCOPE || 'CSR';

/** As whom a member of customer service acts. */
export type Impersonation = 'CUSTOMER' | 'ANONYMOUS' | 'SELF';

/** RFC 8693 §4.1: who acts for the token's subject. */
export interface Actor {
  csr_user_id: string;
  csr_username?: string;
  impersonation?: Impersonation;
}

/** The member of customer service behind the token; undefined when customers act for themselves. */
export function actorOf(user: IdentityClaims | undefined): Actor | undefined {
  const act = user?.act as Partial<Actor> | null | undefined;
  return typeof act === 'object' && typeof act?.csr_user_id === 'string' ? (act as Actor) : undefined;
}

export const isCsr = (user: IdentityClaims | undefined): boolean => actorOf(user) !== undefined;
