import type { ItemList } from '@linden/commerce-client';
import { findProduct, products } from '@src/catalog/products';
import { Text, useText } from '@src/i18n';
import { type FormEvent, useId } from 'react';
import { useItemListChanges } from '../hooks';
import type { Change } from '../lists-page';

/** Puts a product on the list; offers those that are not on it yet. */
export function AddProduct({ list, change }: { list: ItemList; change: Change }) {
  const { addProduct } = useItemListChanges();
  const text = useText();
  const id = useId();
  const missing = products.filter(product => !list.items?.some(item => item.productId === product.id));
  if (missing.length === 0) return null;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const product = findProduct(String(new FormData(event.currentTarget).get('product')));
    if (!product) return;
    const names = { product: text(`product.${product.id}`), name: list.name };
    await change(() => addProduct(list.id, { productId: product.id, name: names.product }), 'lists.added', names);
  };

  return (
    <form className="add-product" onSubmit={submit}>
      <label className="visually-hidden" htmlFor={id}>
        <Text id="lists.addProduct" values={{ name: list.name }} />
      </label>
      <select id={id} name="product">
        {missing.map(product => (
          <option key={product.id} value={product.id}>
            {text(`product.${product.id}`)}
          </option>
        ))}
      </select>
      <button className="button small" type="submit">
        <Text id="lists.add" />
      </button>
    </form>
  );
}
