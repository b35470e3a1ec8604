export { LoginButton } from './login-button';
export { LogoutButton } from './logout-button';
export { RegisterButton } from './register-button';
export { RequireCustomer } from './require-customer';
