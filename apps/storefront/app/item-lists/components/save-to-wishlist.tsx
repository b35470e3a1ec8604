import { useLogin } from '@app/auth/hooks';
import { useAuth } from '@linden/auth-react';
import { useUserOperations } from '@linden/auth-react/permission';
import type { Product } from '@src/catalog/products';
import { Text, type TextId, useText } from '@src/i18n';
import { useState } from 'react';
import { useSaveToWishlist } from '../hooks';

const LABELS = {
  ready: ['wishlist.save', 'wishlist.saveNamed'],
  saving: ['wishlist.save', 'wishlist.saveNamed'],
  saved: ['wishlist.saved', 'wishlist.savedNamed'],
  failed: ['wishlist.failed', 'wishlist.failedNamed'],
} as const satisfies Record<string, readonly [TextId, TextId]>;

interface SaveToWishlistProps {
  product: Product;
  /** The button stands alone and says what it does in full. */
  isProminent?: boolean;
}

/** Puts a product on the shopper's wishlist. Guests sign in first; whoever is known not to have the right has no button. */
export function SaveToWishlist({ product, isProminent = false }: SaveToWishlistProps) {
  const { isAuthenticated } = useAuth();
  const rights = useUserOperations();
  const login = useLogin();
  const saveToWishlist = useSaveToWishlist();
  const [progress, setProgress] = useState<keyof typeof LABELS>('ready');
  const text = useText();
  const [label, fullLabel] = LABELS[progress];
  const named = text(fullLabel, { name: text(`product.${product.id}`) });

  if (rights && !rights.ITEM_LIST?.includes('UPDATE')) return null;

  const save = async () => {
    if (!isAuthenticated) return login();
    setProgress('saving');
    await saveToWishlist(product).then(
      () => setProgress('saved'),
      () => setProgress('failed'),
    );
  };

  return (
    <div className="save">
      <button
        aria-label={named}
        className={`button ${isProminent ? '' : 'small'} quiet ${progress}`}
        onClick={save}
        type="button"
      >
        <Text id={isProminent && label === 'wishlist.save' ? 'wishlist.saveInFull' : label} />
      </button>
      <span className="visually-hidden" role="status">
        {(progress === 'saved' || progress === 'failed') && named}
      </span>
    </div>
  );
}
