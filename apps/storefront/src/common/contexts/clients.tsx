import { AccountClient, ItemListClient } from '@linden/commerce-client';
import { useSettings } from '@src/settings';
import { createContext, type ReactNode, useContext, useState } from 'react';

interface Clients {
  itemLists: ItemListClient;
  accounts: AccountClient;
}

const ClientsContext = createContext<Clients | undefined>(undefined);

/** One client for each service that the shop talks to. */
export function ClientsProvider({ children }: { children: ReactNode }) {
  const { apiOrigin } = useSettings();
  const [clients] = useState(() => ({
    itemLists: new ItemListClient({ baseURL: `${apiOrigin}/api/cart` }),
    accounts: new AccountClient({ baseURL: `${apiOrigin}/api/customer` }),
  }));
  return <ClientsContext value={clients}>{children}</ClientsContext>;
}

function useClients(): Clients {
  const clients = useContext(ClientsContext);
  if (!clients) throw new Error('The clients of the services need a ClientsProvider around.');
  return clients;
}

export const useItemListClient = () => useClients().itemLists;
export const useAccountClient = () => useClients().accounts;
