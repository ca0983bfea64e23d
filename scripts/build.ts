import { rmSync } from 'node:fs';
import { build } from 'esbuild';

// Every command is a chunk of its own, loaded when it is called; packages stay outside.
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  chunkNames: 'chunks/[name]-[hash]',
});
