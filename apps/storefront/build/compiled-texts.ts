import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

const CATALOG = /\/src\/locales\/[\w-]+\.json$/;

/** Compiles the catalogs of texts while building, so that the parser of their syntax does not travel to the browser. */
export function compiledTexts(): Plugin {
  return {
    name: 'compiled-texts',
    enforce: 'pre',
    transform: {
      filter: { id: CATALOG },
      handler(catalog) {
        const texts = Object.entries<string>(JSON.parse(catalog));
        const compiled = Object.fromEntries(texts.map(([id, text]) => [id, compileMessage(text)]));
        return { code: `export default ${JSON.stringify(compiled)};`, map: null, moduleType: 'js' };
      },
    },
  };
}
