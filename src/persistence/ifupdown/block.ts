function marks(bridge: string): { begin: string; end: string } {
  return { begin: `# meshbook: ${bridge} begins`, end: `# meshbook: ${bridge} ends` };
}

/** A stanza between two marks, by which `replaceBlock` finds it again. */
export function markedBlock(bridge: string, stanza: string): string {
  const { begin, end } = marks(bridge);
  return `${begin}\n${stanza}${end}\n`;
}

/** The text with `block` (or nothing) in place of the bridge's block; a new block goes to the end. */
export function replaceBlock(text: string, bridge: string, block: string): string {
  const { begin, end } = marks(bridge);
  const lines = text.split('\n');
  const from = lines.indexOf(begin);
  const to = lines.indexOf(end, from);
  if (from >= 0 && to >= 0) {
    const head = lines
      .slice(0, from)
      .map((line) => `${line}\n`)
      .join('');
    const tail = lines.slice(to + 1).join('\n');
    // Also removes the blank line before the block.
    return block === '' ? `${head.replace(/\n\n$/, '\n')}${tail}` : `${head}${block}${tail}`;
  }
  if (block === '') return text;
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return ended === '' ? block : `${ended}\n${block}`;
}
