import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Diagnostic, type SourceFile, warning } from '../../diagnostics/diagnostic.ts';

/** Files that Ansible would read beside an inventory or a playbook, and where their content belongs here. */
const ignored: Readonly<Record<string, string>> = {
  group_vars: "put 'vars' into the groups of the inventory, or give a file with -e @FILE",
  host_vars: "put 'vars' into the hosts of the inventory, or give a file with -e @FILE",
  'ansible.cfg':
    "options and MESHBOOK_ variables of the environment take its place; for SSH, 'ssh' in the inventory and ~/.ssh/config",
};

/** A warning for each ignored file or folder beside the files; each once, at the first file beside it. */
export function ignoredFiles(files: readonly SourceFile[]): Diagnostic[] {
  const told = new Set<string>();
  return files.flatMap((source) =>
    Object.entries(ignored).flatMap(([name, hint]) => {
      const path = join(dirname(source.path), name);
      if (told.has(resolve(path)) || !existsSync(path)) return [];
      told.add(resolve(path));
      const message = `${relative('.', path) || path}, beside ${basename(source.path)}, is not read`;
      return [warning('ignored-file', message, { source, start: 0, end: 0 }, hint)];
    }),
  );
}
