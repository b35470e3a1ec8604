'use client';
import { useUserOperations } from './use-user-operations.js';

/**
 * Whether the signed-in user has a permission, named as services name it: `usePermission('UPDATE_CUSTOMER')`. `false` until it is known and
 * for guests. It decides what is shown, never what is allowed: the service looks at the token.
 */
export function usePermission(permission: string, scope?: string): boolean {
  const operations = useUserOperations(scope);
  const [operation = '', ...root] = permission.split('_');
  return operations?.[root.join('_')]?.includes(operation) ?? false;
}
