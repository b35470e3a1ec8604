import {
  type ClientOptions,
  type Page,
  type PageOptions,
  ServiceClient,
  type ServiceOptions,
} from './service-client.js';

export type ItemListVisibility = 'PRIVATE' | 'PUBLIC';

export interface ItemListItem {
  id: string;
  productId: string;
  name: string;
  quantity: number;
}

/** A named list of products, such as a wish list. Times are RFC 3339. */
export interface ItemList {
  id: string;
  name: string;
  visibility: ItemListVisibility;
  items?: ItemListItem[];
  createdAt: string;
  updatedAt: string;
}

export interface NewItemList {
  name: string;
}

export interface NewItemListItem {
  productId: string;
  name: string;
  quantity?: number;
}

/** Changes of many items. Of each item and product there is one at most. */
export interface ItemChanges {
  /** Products that are on the list already take name and quantity. */
  put?: NewItemListItem[];
  change?: ({ id: string } & Partial<Pick<NewItemListItem, 'name' | 'quantity'>>)[];
  /** Ids. One that is not there counts as removed. */
  remove?: string[];
}

export interface ItemListOptions extends ClientOptions, PageOptions {
  /** Without it customers see their own lists, guests the public ones. */
  visibility?: ItemListVisibility | undefined;
}

/** The cart service's item lists. */
export class ItemListClient extends ServiceClient {
  constructor({ baseURL = '/api/cart' }: ServiceOptions = {}) {
    super(baseURL);
  }

  /** `filter` is RSQL over `name` and `id`, such as `name==wishlist`; without it all lists are meant. */
  listItemLists(filter?: string, options?: ItemListOptions): Promise<Page<ItemList>> {
    const { limit, cursor, visibility } = options ?? {};
    return this.request('GET', ['item-lists'], options, { query: { cq: filter, limit, cursor, visibility } });
  }

  createItemList(list: NewItemList, options?: ClientOptions): Promise<ItemList> {
    return this.request('POST', ['item-lists'], options, { body: list });
  }

  getItemList(id: string, options?: ClientOptions): Promise<ItemList> {
    return this.request('GET', ['item-lists', id], options);
  }

  updateItemList(id: string, change: Partial<NewItemList>, options?: ClientOptions): Promise<ItemList> {
    return this.request('PATCH', ['item-lists', id], options, { body: change });
  }

  deleteItemList(id: string, options?: ClientOptions): Promise<void> {
    return this.request('DELETE', ['item-lists', id], options);
  }

  listItems(listId: string, options?: ClientOptions & PageOptions): Promise<Page<ItemListItem>> {
    return this.request('GET', ['item-lists', listId, 'items'], options, {
      query: { limit: options?.limit, cursor: options?.cursor },
    });
  }

  addItem(listId: string, item: NewItemListItem, options?: ClientOptions): Promise<ItemListItem> {
    return this.request('POST', ['item-lists', listId, 'items'], options, { body: item });
  }

  updateItem(
    listId: string,
    itemId: string,
    change: Partial<Pick<NewItemListItem, 'name' | 'quantity'>>,
    options?: ClientOptions,
  ): Promise<ItemListItem> {
    return this.request('PATCH', ['item-lists', listId, 'items', itemId], options, { body: change });
  }

  /** Removes, changes and puts many items: all of it or nothing. Gives those that were changed, then those that were put. */
  updateItems(listId: string, changes: ItemChanges, options?: ClientOptions): Promise<Page<ItemListItem>> {
    return this.request('PATCH', ['item-lists', listId, 'items'], options, { body: changes });
  }

  removeItem(listId: string, itemId: string, options?: ClientOptions): Promise<void> {
    return this.request('DELETE', ['item-lists', listId, 'items', itemId], options);
  }
}
