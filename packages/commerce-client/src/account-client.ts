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

/** The shop's record of a customer. Times are RFC 3339. */
export interface Customer {
  id: string;
  customerContextId: string;
  fullName: string;
  /** Of the sign-in; it is changed there. */
  email: string;
  phone: string | null;
  /** Where the shop writes to, when that is not `email`. */
  contactEmail: string | null;
  /** How often the customer changed the record. */
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** What is not named stays; `null` empties a field. */
export interface CustomerChange {
  fullName?: string;
  phone?: string | null;
  contactEmail?: string | null;
}

export interface CustomerChangeOptions extends ClientOptions {
  /** Of the record that the change was made for: when there is a newer one, the change fails with `version_conflict`. */
  version?: number | undefined;
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

  /** Customers change their own record. Errors tell what is wrong by field. */
  updateCustomer(customerId: string, change: CustomerChange, options?: CustomerChangeOptions): Promise<Customer> {
    const headers = {
      'content-type': 'application/merge-patch+json',
      ...(options?.version !== undefined && { 'if-match': `"${options.version}"` }),
    };
    return this.request('PATCH', ['customers', customerId], options, { body: change, headers });
  }
}
