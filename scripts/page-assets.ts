import { join } from 'node:path';
import { build } from 'esbuild';
import type { PageAssets } from '../src/page/html.ts';

const folder = join(import.meta.dirname, '../src/page/client');

/** The script and the style of a plan's page, bundled from `src/page/client`. */
export async function buildPageAssets(): Promise<PageAssets> {
  const { outputFiles } = await build({
    entryPoints: ['main.ts', 'page.css'].map((name) => join(folder, name)),
    outdir: 'page',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    // A script or a style that closes its own element would end the page.
    legalComments: 'none',
  });
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}
