export {
  type Account,
  AccountClient,
  type Customer,
  type CustomerChange,
  type CustomerChangeOptions,
} from './account-client.js';
export { CommerceError, type FieldProblem, type Problem } from './commerce-error.js';
export {
  type ItemChanges,
  type ItemList,
  ItemListClient,
  type ItemListItem,
  type ItemListOptions,
  type ItemListVisibility,
  type NewItemList,
  type NewItemListItem,
} from './item-list-client.js';
export type { ClientOptions, Page, PageOptions, ServiceOptions } from './service-client.js';
export { type Application, type ApplicationQuery, TenantClient } from './tenant-client.js';
