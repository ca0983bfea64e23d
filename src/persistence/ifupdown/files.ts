import type { Facts } from '../../facts/fact.ts';
import { type FileFact, fileFact } from '../../facts/file.ts';
import {
  declaredIn,
  dropInFolder,
  type Ifupdown,
  ifupdownFact,
  mainFile,
} from '../../facts/ifupdown/ifupdown.ts';
import type { Obstacle } from '../backend.ts';
import { replaceBlock } from './block.ts';

/** ifupdown's files, as far as they concern a link. */
export interface Files {
  readonly link: string;
  readonly ifupdown: Ifupdown;
  readonly main: FileFact;
  /** The link's own file. */
  readonly dropIn: FileFact;
}

export function filesAbout(link: string, facts: Facts): Files {
  return {
    link,
    ifupdown: facts.get(ifupdownFact),
    main: facts.get(fileFact(mainFile)),
    dropIn: facts.get(fileFact(dropInOf(link))),
  };
}

export function dropInOf(link: string): string {
  return `${dropInFolder}/${link}`;
}

/**
 * Whether ifupdown reads a file with this name beside the main one. Without the main file, Debian's ifupdown has yet
 * to install its own.
 */
export function takesIn(
  { ifupdown: { dropIns }, main }: Pick<Files, 'ifupdown' | 'main'>,
  name: string,
): boolean {
  return main === null || dropIns === 'glob' || (dropIns === 'directory' && /^[A-Za-z0-9_-]+$/.test(name));
}

/** An existing block stays in its place. */
export function usesDropIn(files: Files): boolean {
  return !hasBlock(files) && takesIn(files, files.link);
}

function hasBlock({ main, link }: Files): boolean {
  return main?.kind === 'text' && replaceBlock(main.content, link, '') !== main.content;
}

/** Stanzas of the link that meshbook hasn't written. */
export function otherDeclarations({ ifupdown, main, link }: Files): Obstacle[] {
  const others = main?.kind === 'text' ? replaceBlock(main.content, link, '') : '';
  const files = ifupdown.declared
    .filter(({ name, file }) => name === link && file !== mainFile && file !== dropInOf(link))
    .map(({ file }) => file);
  const inMain = declaredIn(others).includes(link) ? [mainFile] : [];
  return [...new Set([...inMain, ...files])].map((file) => ({
    code: 'interface-declared-twice',
    message: `${file} declares ${link} already`,
    hint: `remove its stanza from ${file}, or choose another name`,
    about: 'link',
  }));
}
