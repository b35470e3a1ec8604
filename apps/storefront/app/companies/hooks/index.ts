export { useGetCustomerAccounts } from './use-get-customer-accounts';
