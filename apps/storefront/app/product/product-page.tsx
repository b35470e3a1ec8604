import { SaveToWishlist } from '@app/item-lists/components/save-to-wishlist';
import { NotFoundPage } from '@app/layout/not-found-page';
import { findProduct } from '@src/catalog/products';
import { TextPage } from '@src/common/components';
import { formatPrice, Text } from '@src/i18n';
import { Link, useParams } from 'react-router';

export function ProductPage() {
  const product = findProduct(useParams().productId);
  if (!product) return <NotFoundPage />;
  return (
    <div className="product">
      <img alt="" height="320" src={product.picture} width="320" />
      <TextPage id={`product.${product.id}`}>
        <p className="price">{formatPrice(product.cents)}</p>
        <p>
          <Text id={`product.${product.id}.about`} />
        </p>
        <SaveToWishlist isProminent product={product} />
        <p>
          <Link to="/">
            <Text id="product.back" />
          </Link>
        </p>
      </TextPage>
    </div>
  );
}
