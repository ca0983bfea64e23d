import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.ts';
import { buildPageAssets } from './page-assets.ts';

// Every command is a chunk of its own, loaded when it is called. Packages are bundled: finding and reading hundreds of
// files takes longer than running them. Not ssh2, which has native parts, and not write-file-atomic, which needs its
// own path.
const outdir = process.argv[2] ?? 'dist';
rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/cli.ts'],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['ssh2', 'write-file-atomic'],
  // Packages that aren't ES modules call it.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  // The assets of a plan's page are part of the program.
  define: { PAGE_ASSETS: JSON.stringify(await buildPageAssets()) },
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
});
writeFileSync(join(outdir, 'third-party-licences.txt'), licencesOf(Object.keys(metafile.inputs)));
