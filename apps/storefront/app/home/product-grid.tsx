import { ProductCard } from '@app/product/product-card';
import { products } from '@src/catalog/products';
import { Text } from '@src/i18n';

export const ProductGrid = () => (
  <section aria-labelledby="goods">
    <h2 id="goods">
      <Text id="home.goods" />
    </h2>
    <ul className="product-grid">
      {products.map(product => (
        <ProductCard key={product.id} product={product} />
      ))}
    </ul>
  </section>
);
