import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { fileHashFact } from '../facts/file.ts';
import type { LintedHost } from './linted-host.ts';
import { placeOf, thingsDescribed } from './things.ts';

/** Secret files whose mode lets every user of the host read them, without a step that sets it on purpose. */
export function secretFileLints(host: LintedHost): Diagnostic[] {
  return thingsDescribed(host, 'file').flatMap((said) => {
    const { path, secret, mode } = said.thing;
    if (!secret || mode !== undefined) return [];
    const file = host.predicted.find(fileHashFact(path));
    if (file == null || !('mode' in file) || (Number.parseInt(file.mode, 8) & 0o004) === 0) return [];
    return [
      warning(
        'secret-readable',
        `${path} is secret, and by its mode ${file.mode} every user of the host can read it`,
        placeOf(said, 'path'),
        "say mode: '0600', or the mode that is meant",
      ),
    ];
  });
}
