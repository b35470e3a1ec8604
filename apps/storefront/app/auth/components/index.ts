export { LoginButton } from './login-button';
export { LogoutButton } from './logout-button';
export { PersonBoundary } from './person-boundary';
export { RegisterButton } from './register-button';
export { RequireCustomer } from './require-customer';
