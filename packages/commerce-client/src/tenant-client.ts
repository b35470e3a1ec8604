import { type ClientOptions, ServiceClient, type ServiceOptions } from './service-client.js';

/** One storefront of a tenant. */
export interface Application {
  id: string;
  tenantId?: string;
  name?: string;
  [property: string]: unknown;
}

/** How an application is looked up: by id, by one of its addresses, or by its token. */
export type ApplicationQuery = { id: string } | { url: string | URL } | { token: string };

/** The tenant service. */
export class TenantClient extends ServiceClient {
  constructor({ baseURL = '/api/tenant' }: ServiceOptions = {}) {
    super(baseURL);
  }

  getApplication(by: ApplicationQuery, options?: ClientOptions): Promise<Application> {
    if ('id' in by) return this.request('GET', ['applications', by.id], options);
    const query: Record<string, string> = 'url' in by ? { url: String(by.url) } : { token: by.token };
    return this.request('GET', ['applications', 'resolve'], options, { query });
  }

  resolveApplication(by: ApplicationQuery, options?: ClientOptions): Promise<Application> {
    const query = Object.fromEntries(Object.entries(by).map(([name, value]) => [name, String(value)]));
    return this.request('GET', ['applications', 'resolve'], options, { query });
  }
}
