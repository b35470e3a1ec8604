export { useGetCustomerAccessToken } from './use-get-customer-access-token';
export { useLogin } from './use-login';
export { useSessionEnd } from './use-session-end';
export { useSwitchAccount } from './use-switch-account';
