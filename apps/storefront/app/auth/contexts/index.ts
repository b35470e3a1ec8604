export { ApplicationAuthProvider, useSelectedAccount } from './auth-context';
