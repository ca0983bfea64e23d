import type { Change } from '../../src/changes/registry.ts';
import type { TextFile } from '../../src/facts/file.ts';

/** A file of root's on a host. */
export const text = (content: string): TextFile => ({
  kind: 'text',
  content,
  mode: '0644',
  owner: 'root',
  group: 'root',
});

/** A change of a file of root's from one content to another; null: no file. */
export const file = (
  path: string,
  before: string | null,
  content: string | null,
  more: object = {},
): Change => ({
  type: 'file',
  path,
  before: before === null ? null : text(before),
  after: content === null ? null : { content, mode: '0644', owner: 'root', group: 'root' },
  ...more,
});
