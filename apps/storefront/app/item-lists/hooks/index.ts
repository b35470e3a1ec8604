export { useGetItemListsByName } from './use-get-item-lists-by-name';
export { useItemListChanges } from './use-item-list-changes';
export { useSaveToWishlist } from './use-save-to-wishlist';
