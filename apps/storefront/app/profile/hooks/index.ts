export { useGetCustomer } from './use-get-customer';
export { useUpdateCustomer } from './use-update-customer';
