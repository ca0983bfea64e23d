import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { fileHashFact } from '../facts/file.ts';
import { known } from './known.ts';
import type { HostToLint } from './lint-fleet.ts';
import { usesOf } from './use.ts';

/** Secret files that keep a mode by which every user of the host reads them: nobody has said that they may. */
export function secretFileLints({ resolved, predicted }: HostToLint): Diagnostic[] {
  const uses = usesOf<{ path: string; secret?: boolean; mode?: string }>(resolved, 'file');
  return uses.flatMap(({ params: { path, secret, mode }, at }) => {
    if (!secret || mode !== undefined) return [];
    const file = known(predicted, fileHashFact(path));
    if (file == null || !('mode' in file) || (Number.parseInt(file.mode, 8) & 0o004) === 0) return [];
    return [
      warning(
        'secret-readable',
        `${path} is secret, and by its mode ${file.mode} every user of the host can read it`,
        at('path'),
        "say mode: '0600', or the mode that is meant",
      ),
    ];
  });
}
