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
  visibility?: ItemListVisibility;
}

export interface NewItemListItem {
  productId: string;
  name: string;
  quantity?: number;
}

/** The cart service's item lists. */
export class ItemListClient extends ServiceClient {
  constructor({ baseURL = '/api/cart' }: ServiceOptions = {}) {
    super(baseURL);
  }

  /** `filter` is RSQL, such as `name==wishlist`; none gives all lists that may be seen. */
  listItemLists(filter?: string, options?: ClientOptions & PageOptions): Promise<Page<ItemList>> {
    return this.request('GET', ['item-lists'], options, {
      query: { cq: filter, limit: options?.limit, cursor: options?.cursor },
    });
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
    change: Partial<NewItemListItem>,
    options?: ClientOptions,
  ): Promise<ItemListItem> {
    return this.request('PATCH', ['item-lists', listId, 'items', itemId], options, { body: change });
  }

  removeItem(listId: string, itemId: string, options?: ClientOptions): Promise<void> {
    return this.request('DELETE', ['item-lists', listId, 'items', itemId], options);
  }
}
