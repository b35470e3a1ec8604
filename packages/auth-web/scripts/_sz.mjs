import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const run = async skip => {
  const r = await build({
    stdin: { contents: "export { AuthClient } from '@linden/auth-web';", resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    splitting: true,
    outdir: 'o',
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: skip
      ? [
          {
            name: 's',
            setup(b) {
              b.onLoad({ filter: /dist\/.*\.js$/ }, a => {
                if (!a.path.endsWith(skip)) return;
                const src = readFileSync(a.path, 'utf8');
                const names = [...src.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(m => m[1]);
                return { contents: names.map(n => `export const ${n}=globalThis.${n};`).join('\n'), loader: 'js' };
              });
            },
          },
        ]
      : [],
  });
  const e = r.outputFiles.find(f => f.path.endsWith('stdin.js'));
  const c = r.outputFiles.filter(f =>
    Object.entries(r.metafile.outputs).find(([p]) => f.path.endsWith(p) && /chunk/.test(p)),
  );
  return { gz: gzipSync(Buffer.concat([e, ...c].map(f => f.contents)), { level: 9 }).length, meta: r.metafile };
};
const base = await run();
console.log(base.gz);
const ins = {};
for (const [p, o] of Object.entries(base.meta.outputs))
  if (/stdin|chunk/.test(p)) for (const [k, v] of Object.entries(o.inputs)) ins[k] = v.bytesInOutput;
const rows = [];
for (const k of Object.keys(ins).filter(k => /dist/.test(k) && ins[k])) {
  const x = await run(k.replace('packages/auth-web/', ''));
  rows.push([base.gz - x.gz, ins[k], k]);
}
rows.sort((a, b) => b[0] - a[0]);
for (const r of rows) console.log(...r);
