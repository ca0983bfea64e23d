import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Replaces the text between a section's marks in RESULTS.md, and keeps everything else. */
export function writeSection(path: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const before = existsSync(path) ? readFileSync(path, 'utf8') : `${begin}\n${end}\n`;
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`${path} has no section '${name}'`);
  writeFileSync(path, `${head}${begin}\n${text.trimEnd()}\n${end}${tail}`);
}
