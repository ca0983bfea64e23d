import { writeFile } from '../../changes/file/file.ts';
import type { Change } from '../../changes/registry.ts';
import type { Facts } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import { dropInFolder, ifupdownFact, mainFile } from '../../facts/ifupdown/ifupdown.ts';
import { packageFact } from '../../facts/package.ts';
import type { Problem } from '../define-kind.ts';
import { problem, type Stopped, stop } from './problem.ts';
import { StanzaObstacle } from './stanza.ts';

/** Where an interface's stanza may stand. */
export function filesFor(link: string): string[] {
  return [mainFile, `${dropInFolder}/${link}`];
}

/** The change of the file that declares the interface, or what is wrong with it. */
export function persistence(
  facts: Facts,
  link: string,
  more: readonly Problem[],
  rewrite: (text: string) => string,
  declared = link,
): { readonly changes: Change[] } | Stopped {
  if (facts.get(packageFact('ifupdown')).installed === null) {
    return stop(
      problem(
        'no-ifupdown',
        "ifupdown isn't installed: something else (netplan, systemd-networkd, NetworkManager) brings up the host's network, which meshbook doesn't rewrite",
        [],
      ),
      ...more,
    );
  }
  const files = facts.get(ifupdownFact).declared.filter(({ name }) => name === declared);
  const [file, another] = [...new Set(files.map(({ file: path }) => path))];
  const unmanaged = (message: string, hint: string) =>
    stop(problem('not-declared', message, ['interface'], hint), ...more);
  if (file === undefined) {
    return unmanaged(
      `no file of ifupdown declares ${declared}: another network manager may bring it up`,
      `declare it in ${dropInFolder}/${link} first: interfaces(5)`,
    );
  }
  if (another !== undefined || !filesFor(link).includes(file)) {
    return unmanaged(
      `${declared} is declared in ${another === undefined ? file : `${file} and in ${another}`}`,
      `put its stanzas into one file: ${filesFor(link).join(' or ')}`,
    );
  }
  const now = facts.get(fileFact(file));
  if (now?.kind !== 'text') return unmanaged(`${file} is not a text file`, 'make it one');
  try {
    const written = writeFile(file, now, { content: rewrite(now.content) });
    return more.length > 0 ? stop(...more) : { changes: written === undefined ? [] : [written] };
  } catch (error) {
    if (!(error instanceof StanzaObstacle)) throw error;
    const hint =
      'take it out of the stanza if nothing needs it; else write the stanzas of interface and bridge by hand (interfaces(5))';
    return stop(problem('stanza-not-movable', `${file}: ${error.message}`, ['interface'], hint), ...more);
  }
}
