import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.ts';
import { buildPageAssets } from './page-assets.ts';

// Every command is a chunk of its own, loaded when it is called. Packages are in the chunks: to find and read
// hundreds of files takes longer than to run them. ssh2 has native parts, and write-file-atomic asks where it stands.
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
  // Packages that are no ES modules call it.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
  },
  // What the page of a plan holds is part of the program.
  define: { PAGE_ASSETS: JSON.stringify(await buildPageAssets()) },
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
});
writeFileSync(join(outdir, 'third-party-licences.txt'), licencesOf(Object.keys(metafile.inputs)));
