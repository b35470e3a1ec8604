import enamelMug from '@src/assets/products/enamel-mug.svg';
import fieldBag from '@src/assets/products/field-bag.svg';
import handLamp from '@src/assets/products/hand-lamp.svg';
import linenTowel from '@src/assets/products/linen-towel.svg';
import oakBoard from '@src/assets/products/oak-board.svg';
import pineStool from '@src/assets/products/pine-stool.svg';
import teaKettle from '@src/assets/products/tea-kettle.svg';
import woolBlanket from '@src/assets/products/wool-blanket.svg';

/** The goods of this shop. They are part of the program: there is no catalog service yet. */
const goods = [
  { id: 'enamel-mug', cents: 1_800, picture: enamelMug },
  { id: 'wool-blanket', cents: 14_500, picture: woolBlanket },
  { id: 'pine-stool', cents: 8_900, picture: pineStool },
  { id: 'linen-towel', cents: 2_400, picture: linenTowel },
  { id: 'oak-board', cents: 5_200, picture: oakBoard },
  { id: 'tea-kettle', cents: 7_600, picture: teaKettle },
  { id: 'hand-lamp', cents: 6_400, picture: handLamp },
  { id: 'field-bag', cents: 11_900, picture: fieldBag },
] as const;

export type ProductId = (typeof goods)[number]['id'];

export interface Product {
  readonly id: ProductId;
  /** Hundredths of a euro. */
  readonly cents: number;
  /** Address of the picture. */
  readonly picture: string;
}

export const products: readonly Product[] = goods;

/** Lists can hold products that this shop does not carry. */
export const findProduct = (id: string | undefined): Product | undefined => products.find(product => product.id === id);
