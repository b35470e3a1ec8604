import { SaveToWishlist } from '@app/item-lists/components/save-to-wishlist';
import type { Product } from '@src/catalog/products';
import { formatPrice, Text } from '@src/i18n';
import { Link } from 'react-router';

export const ProductCard = ({ product }: { product: Product }) => (
  <li className="product-card">
    <Link to={`/goods/${product.id}`}>
      <img alt="" height="320" loading="lazy" src={product.picture} width="320" />
      <span className="product-name">
        <Text id={`product.${product.id}`} />
      </span>
    </Link>
    <div className="product-foot">
      <span className="price">{formatPrice(product.cents)}</span>
      <SaveToWishlist product={product} />
    </div>
  </li>
);
