import { build } from 'esbuild';

const r = await build({
  stdin: { contents: "export { AuthClient } from '@linden/auth-web';", resolveDir: process.cwd() },
  bundle: true,
  minify: true,
  splitting: true,
  outdir: 'o',
  format: 'esm',
  target: 'es2022',
  write: false,
  define: { 'process.env.NODE_ENV': '"production"' },
});
for (const f of r.outputFiles) if (/stdin|chunk/.test(f.path)) console.log(f.text);
