import type { Facts } from '../../facts/fact.ts';
import { type FileFact, fileFact, fileHashFact, longestContent, sha256 } from '../../facts/file.ts';
import type { Part, Parts } from '../change.ts';

/** What is at a path, and its owner. */
export function fileParts(path: string, secret: boolean, facts: Facts): Parts {
  const file: FileFact = secret ? facts.get(fileHashFact(path)) : facts.get(fileFact(path));
  if (file === null) return {};
  return {
    [`file ${path}`]: contentOf(file, secret),
    ...('mode' in file
      ? { [`file ${path} mode`]: file.mode, [`file ${path} owner`]: `${file.owner}:${file.group}` }
      : {}),
    ...(file.target === undefined ? {} : { [`file ${path} link`]: file.target }),
  };
}

function contentOf(file: NonNullable<FileFact>, secret: boolean): Part {
  if (file.kind === 'text') {
    // As it will be read again.
    if (Buffer.byteLength(file.content) > longestContent) return `sha256 ${sha256(file.content)}`;
    return { text: file.content };
  }
  if (file.kind === 'opaque') return secret ? { hidden: file.sha256 } : `sha256 ${file.sha256}`;
  return file.kind;
}
