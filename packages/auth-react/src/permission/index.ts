'use client';
// `@linden/auth-react/permission`: apart from the rest, so that an app without it does not load it.
export { usePermission } from './use-permission.js';
export { useUserOperations } from './use-user-operations.js';
