import { useSettings } from '@src/settings';
import { GiftNote } from './gift-note';
import { Hero } from './hero';
import { ProductGrid } from './product-grid';
import { PublicLists } from './public-lists';

export function HomePage() {
  const { shopName } = useSettings();
  return (
    <div className="home">
      <title>{shopName}</title>
      <Hero />
      <ProductGrid />
      <PublicLists />
      <GiftNote />
    </div>
  );
}
