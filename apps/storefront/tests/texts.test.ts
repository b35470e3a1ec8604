import { readdirSync, readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';

const folder = 'apps/storefront/src/locales';
const catalogs = readdirSync(folder).map(
  file => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))] as const,
);
const english = catalogs.find(([file]) => file === 'en.json')?.[1];

describe.each(catalogs)('%s', (_, texts) => {
  it('has the texts of the English catalog, in the order of their names', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english).toSorted());
  });

  it('has texts that compile', () => {
    for (const [id, text] of Object.entries<string>(texts)) {
      expect(compileMessage(text), id).not.toEqual([]);
    }
  });
});
