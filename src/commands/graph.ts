import { exitCodes, RunError } from '../diagnostics/errors.ts';
import { dotFile } from '../drawing/dot.ts';
import { mermaidFile, tooMuchForMermaid } from '../drawing/mermaid.ts';
import { type Network, networkOf } from '../drawing/network.ts';
import { svgFile } from '../drawing/svg-file.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Io } from './output/io.ts';
import { loadPlay, mustResolve } from './play/load-play.ts';
import type { PlayOptions } from './play/options.ts';

export interface GraphOptions extends PlayOptions {
  readonly format: 'svg' | 'dot' | 'mermaid' | 'html';
  readonly output?: string;
}

/** `meshbook graph`: the topology that the overlays want. Connects to nothing. */
export async function graph(playbook: string, options: GraphOptions, io: Io): Promise<number> {
  const { play } = mustResolve(await loadPlay(playbook, options), io);
  const network = networkOf({
    overlays: new Map(play.hosts.map(({ host, overlays }) => [host.name, overlays])),
  });
  const title = play.playbook.name;
  const text =
    options.format === 'html'
      ? (await import('./output/page.ts')).networkPage(title, network)
      : drawn(network, title, options.format);
  const tooMuch = options.format === 'mermaid' ? tooMuchForMermaid(network, text) : undefined;
  if (tooMuch !== undefined)
    io.err(
      `meshbook: GitHub's Mermaid won't draw this: ${tooMuch}\n  hint: --format svg, html and dot take any number\n`,
    );
  if (options.output === undefined) io.out(text);
  else writeText(options.output, text);
  return exitCodes.done;
}

function drawn(network: Network, title: string, format: Exclude<GraphOptions['format'], 'html'>): string {
  if (format === 'dot') return dotFile(network, title);
  return format === 'mermaid' ? mermaidFile(network, title) : svgFile(network, title);
}

function writeText(file: string, text: string): void {
  try {
    writeWhole(file, [text]);
  } catch (cause) {
    throw new RunError('state', `can't write ${file}: ${(cause as Error).message}`, { cause });
  }
}
