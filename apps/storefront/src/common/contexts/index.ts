export { ClientsProvider, useAccountClient, useItemListClient } from './clients';
