import { type ClientOptions, type Page, ServiceClient, type ServiceOptions } from './service-client.js';

/** A company whose members shop together. */
export interface Account {
  id: string;
  name: string;
  accountNumber?: string;
  /** The customer's roles in this account. */
  roles?: string[];
  status?: string;
}

export interface Customer {
  id: string;
  [property: string]: unknown;
}

/** The customer service. */
export class AccountClient extends ServiceClient {
  constructor({ baseURL = '/api/customer' }: ServiceOptions = {}) {
    super(baseURL);
  }

  /** The accounts that the signed-in customer is a member of. */
  getCustomersAccounts(options?: ClientOptions): Promise<Page<Account>> {
    return this.request('GET', ['accounts', 'mine'], options);
  }

  getAccountsOfCustomer(customerId: string, options?: ClientOptions): Promise<Page<Account>> {
    return this.request('GET', ['accounts', 'customer', customerId], options);
  }

  getCustomer(customerId: string, options?: ClientOptions): Promise<Customer> {
    return this.request('GET', ['customers', customerId], options);
  }
}
