import type { Diagnostic, SourceFile } from '../../diagnostics/diagnostic.ts';

/** A file that is an inventory of another program, as one diagnostic instead of a page of syntax errors. */
export function notAnInventory(source: SourceFile, data: unknown): Diagnostic | undefined {
  const isMapping = typeof data === 'object' && data !== null && !Array.isArray(data);
  if (isMapping) return undefined;
  const firstLine = /^.*/.exec(source.text)?.[0] ?? '';
  const range = { source, start: 0, end: firstLine.length };
  if (firstLine.startsWith('#!')) {
    return {
      severity: 'error',
      code: 'dynamic-inventory',
      message: 'this is a program; meshbook does not run inventories',
      range,
      hint: 'write the hosts into a YAML file',
    };
  }
  const section =
    /^\[[A-Za-z0-9_.:-]+\][ \t]*(#.*)?$/m.exec(source.text) ??
    /^[^\s#;:={}[\]"']+[ \t]+ansible_[a-z_]+=.*$/m.exec(source.text);
  if (section === null) return undefined;
  return {
    severity: 'error',
    code: 'ini-inventory',
    message: 'this looks like an INI inventory; meshbook reads YAML',
    range: { source, start: section.index, end: section.index + section[0].length },
    hint: "write 'groups: { NAME: { hosts: { HOST: { address: … } } } }'",
  };
}

/** The explanation of a path that is not a file but something that Ansible would accept as an inventory. */
export function explainPath(diagnostic: Diagnostic, path: string): Diagnostic {
  if (diagnostic.code === 'file-is-directory')
    return { ...diagnostic, hint: 'name the files in it, each with a -i of its own' };
  if (diagnostic.code === 'file-not-found' && path.includes(','))
    return { ...diagnostic, hint: 'a list of hosts is not an inventory; put the hosts into a YAML file' };
  return diagnostic;
}
