// Writes docs/reference/cli.md from the commands' help. With --check it writes nothing, and fails if the file differs.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const file = join(root, 'docs/reference/cli.md');

const intro = `# Command line

Written by \`npm run docs\` from \`meshbook … --help\`. What exit codes mean: [Exit codes](exit-codes.md).
`;

/** A command's help, independent of terminal and environment. */
function help(command: readonly string[]): string {
  const { MESHBOOK_INVENTORY, MESHBOOK_STATE_DIR, FORCE_COLOR, ...env } = process.env;
  const argv = ['--import', 'tsx', join(root, 'src/cli.ts'), ...command, '--help'];
  const options = { cwd: root, env: { ...env, NO_COLOR: '1', COLUMNS: '80' }, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, argv, options).trimEnd();
}

/** The names below `Commands:` in a help text. */
function subcommands(text: string): string[] {
  const [, list = ''] = /^Commands:\n((?: {2}.*\n?)*)/m.exec(text) ?? [];
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
}

/** A command's section and those of its subcommands, depth first. */
function sections(command: readonly string[]): string[] {
  const text = help(command);
  const own = `## \`${['meshbook', ...command].join(' ')}\`\n\n\`\`\`text\n${text}\n\`\`\`\n`;
  return [own, ...subcommands(text).flatMap((name) => sections([...command, name]))];
}

const page = [intro, ...sections([])].join('\n');

if (!process.argv.includes('--check')) writeFileSync(file, page);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== page) {
  console.error("docs/reference/cli.md isn't what the commands say\nRun: npm run docs");
  process.exitCode = 1;
}
