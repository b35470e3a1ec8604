// Every example in the guides compiles: blocks marked ts or tsx are written beside the built packages and type-checked. A block
// stands alone; `declare` what it takes from its surroundings.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const guides = readdirSync('docs/sdk').filter(name => name.endsWith('.md'));
const folder = 'node_modules/.linden/examples';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

let written = 0;
for (const guide of guides) {
  const text = readFileSync(join('docs/sdk', guide), 'utf8');
  for (const { index, groups } of text.matchAll(/^```(?<kind>tsx?)\n(?<code>[\s\S]*?)^```$/gm)) {
    const line = text.slice(0, index).split('\n').length;
    writeFileSync(
      join(folder, `${guide.replace('.md', '')}-line-${line}.${groups.kind}`),
      `${groups.code}export {};\n`,
    );
    written += 1;
  }
}
if (written === 0) throw new Error('no example was found in docs/sdk');
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../../tsconfig.base.json',
    compilerOptions: { jsx: 'react-jsx', noEmit: true, noUnusedLocals: false, types: ['react', 'vite/client'] },
    include: ['.'],
  }),
);
execFileSync('npx', ['tsc', '-p', folder], { stdio: 'inherit' });
console.log(`${written} examples compile`);
