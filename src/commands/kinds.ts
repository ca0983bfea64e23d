import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { tidy } from '../json/records.ts';
import { kinds as registry } from '../kinds/registry.ts';
import { kindText } from '../report/reference/kind-text.ts';
import type { Io } from './output/io.ts';

/** `meshbook kinds [NAME]`: the reference in the terminal. */
export async function kinds(name: string | undefined, io: Io): Promise<number> {
  if (name === undefined) {
    const width = Math.max(...[...registry.keys()].map((key) => key.length));
    for (const kind of registry.values()) io.out(`${kind.name.padEnd(width)}  ${kind.summary}\n`);
    return exitCodes.done;
  }
  const kind = registry.get(name);
  if (kind === undefined) {
    const hint = didYouMean(name, registry.keys());
    throw new InvalidInput([
      tidy({
        severity: 'error',
        code: 'unknown-kind',
        message: `there is no kind '${name}'`,
        hint,
      }),
    ]);
  }
  io.out(kindText(kind, io.terminal));
  return exitCodes.done;
}
