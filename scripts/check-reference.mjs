// docs/reference is what typedoc makes of the packages' types. This makes it anew beside, and fails where the two differ.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kept = 'docs/reference';
const made = mkdtempSync(join(tmpdir(), 'linden-reference-'));
const pages = folder =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

try {
  execFileSync('npx', ['typedoc', '--logLevel', 'Warn', '--out', made], { stdio: 'inherit' });
  const names = new Set([...pages(kept), ...pages(made)]);
  const read = file => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  };
  const stale = [...names].filter(name => read(join(kept, name)) !== read(join(made, name)));
  if (stale.length > 0) {
    console.error(`not what the types say: ${stale.join(', ')} in ${kept}; run \`npm run reference\` and commit it`);
    process.exitCode = 1;
  }
} finally {
  rmSync(made, { recursive: true, force: true });
}
