import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildPageAssets } from './page-assets.ts';

// Every command is a chunk of its own, loaded when it is called; packages stay outside.
const outdir = process.argv[2] ?? 'dist';
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  // What the page of a plan holds is part of the program.
  define: { PAGE_ASSETS: JSON.stringify(await buildPageAssets()) },
  chunkNames: 'chunks/[name]-[hash]',
});
