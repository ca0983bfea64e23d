import { type FileChange, removeFile, writeFile } from '../../changes/file/file.ts';
import { type Facts, UnknownFact } from '../../facts/fact.ts';
import { fileFact } from '../../facts/file.ts';
import {
  declaredIn,
  dropInFolder,
  ifupdownFact,
  isIfupdownFile,
  mainFile,
} from '../../facts/ifupdown/ifupdown.ts';
import { packageFact } from '../../facts/package.ts';
import type { Edit, NetworkBackend, Obstacle } from '../backend.ts';
import type { BridgeConfig, LinkConfig } from '../link-config.ts';
import { markedBlock, replaceBlock } from './block.ts';
import { dropInOf, type Files, filesAbout, otherDeclarations, takesIn, usesDropIn } from './files.ts';
import { readLinks } from './read.ts';
import { bridgeStanza } from './stanza.ts';
import { uplink } from './uplink.ts';

/**
 * interfaces(5). A bridge's stanza is a file of its own in /etc/network/interfaces.d if the main file includes those;
 * otherwise it is a marked block at the main file's end.
 */
export const ifupdown: NetworkBackend = {
  name: 'ifupdown',
  packages: ['ifupdown'],
  files: (link) => [dropInOf(link)],
  facts: (link) => [packageFact('ifupdown'), ifupdownFact, fileFact(mainFile), fileFact(dropInOf(link))],
  declares: (path, text) => (isIfupdownFile(path) ? readLinks([text]) : []),
  read,
  write,
  remove,
  uplink,
};

/** Also if a stanza is in a file named after another link. */
function read(link: string, facts: Facts): LinkConfig | undefined {
  const ifupdown = facts.get(ifupdownFact);
  const main = facts.get(fileFact(mainFile));
  const known = [...facts.ofFamily(fileFact(mainFile).family).keys()].filter(isIfupdownFile);
  const declaring = ifupdown.declared.filter(({ name }) => name === link).map(({ file }) => file);
  const isRead = (path: string) =>
    !path.startsWith(`${dropInFolder}/`) || takesIn({ ifupdown, main }, path.slice(dropInFolder.length + 1));
  const texts = [...new Set([mainFile, ...known.sort(), ...declaring])].filter(isRead).flatMap((path) => {
    const file = facts.get(fileFact(path));
    if (file !== null && file.kind !== 'text') throw new UnknownFact(`${path} is not a text file`);
    return file === null ? [] : [file.content];
  });
  return readLinks(texts).find(({ name }) => name === link);
}

function write(bridge: BridgeConfig, facts: Facts): Edit {
  const files = filesAbout(bridge.name, facts);
  const obstacles = [...unwritable(files, facts), ...otherDeclarations(files)];
  return obstacles.length > 0 ? { obstacles } : { changes: presence(files, bridgeStanza(bridge)) };
}

function unwritable({ main }: Files, facts: Facts): Obstacle[] {
  const isInstalled = facts.get(packageFact('ifupdown')).installed !== null;
  const isText = main === null || main.kind === 'text';
  return [
    ...(isInstalled ? [] : [notInstalled]),
    ...(isText
      ? []
      : [{ code: 'not-a-file', message: `${mainFile} is not a text file`, about: 'host' } as const]),
  ];
}

const notInstalled: Obstacle = {
  code: 'no-ifupdown',
  message: "ifupdown isn't installed: something else brings up the host's network",
  hint: 'a step before this one can install it: package: { name: ifupdown }',
  about: 'host',
};

function presence(files: Files, stanza: string): FileChange[] {
  const { link, main, dropIn } = files;
  if (usesDropIn(files)) {
    return present(writeFile(dropInOf(link), dropIn, { content: `# Written by meshbook.\n${stanza}` }));
  }
  const text = main?.kind === 'text' ? main.content : '';
  const content = replaceBlock(text, link, markedBlock(link, stanza));
  // ifupdown would carry out both.
  const isTwofold =
    takesIn(files, link) && dropIn?.kind === 'text' && declaredIn(dropIn.content).includes(link);
  return [
    ...(isTwofold ? present(removeFile(dropInOf(link), dropIn)) : []),
    ...present(writeFile(mainFile, main, { content })),
  ];
}

function remove(link: string, facts: Facts): Edit {
  const { main, dropIn } = filesAbout(link, facts);
  const changes = present(removeFile(dropInOf(link), dropIn));
  if (main?.kind !== 'text') return { changes };
  const without = writeFile(mainFile, main, { content: replaceBlock(main.content, link, '') });
  return { changes: [...changes, ...present(without)] };
}

function present(change: FileChange | undefined): FileChange[] {
  return change === undefined ? [] : [change];
}
