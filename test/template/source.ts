import { parseDocument } from 'yaml';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Locate } from '../../src/source/locate.ts';

/** A YAML text with its value and the position of each part. */
export function yaml(text: string): { value: unknown; locate: Locate } {
  const document = parseDocument(text);
  const source = { path: 'playbook.yml', text };
  return {
    value: document.toJS(),
    locate: (path) => {
      const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
      const [start, end] = node?.range ?? [0, text.length];
      return { source, start, end };
    },
  };
}

/** `code [the text that it points at] message`. */
export function shown({ code, message, range }: Diagnostic): string {
  return `${code} [${range?.source.text.slice(range.start, range.end)}] ${message}`;
}

/** For values that are in no file. */
export const nowhere: Locate = () => ({ source: { path: '-', text: '' }, start: 0, end: 0 });
