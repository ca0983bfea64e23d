import { registry } from '../diagnostics/codes/registry.ts';
import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { codeText } from '../report/reference/code-text.ts';
import type { Io } from './output/io.ts';

/** `meshbook explain [CODE]`: the meaning of a code, from the texts of docs/diagnostics.md. */
export async function explain(code: string | undefined, io: Io): Promise<number> {
  if (code === undefined) {
    const width = Math.max(...[...registry.keys()].map((name) => name.length));
    for (const [name, { title }] of registry) io.out(`${name.padEnd(width)}  ${title}\n`);
    return exitCodes.done;
  }
  const entry = registry.get(code);
  if (entry === undefined) {
    const hint = didYouMean(code, registry.keys()) ?? 'meshbook explain lists them';
    const message = `there is no code '${code}'`;
    throw new InvalidInput([{ severity: 'error', code: 'unknown-code', message, hint }]);
  }
  io.out(codeText(code, entry, io.terminal));
  return exitCodes.done;
}
