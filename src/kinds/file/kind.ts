import { removeFile, writeFile } from '../../changes/file/file.ts';
import type { SettleAction } from '../../changes/settle/action.ts';
import type { FactQuery } from '../../facts/fact.ts';
import { type FileFact, fileFact, fileHashFact } from '../../facts/file.ts';
import { unitName } from '../../facts/unit.ts';
import { tidy } from '../../json/records.ts';
import { defineKind, type Problem } from '../define-kind.ts';
import { declaredBy } from './declared-links.ts';

export default defineKind({
  name: 'file',
  summary: 'A file has this content, mode and owner, or does not exist.',
  description: `
Give the content by exactly one of \`content\` (a text in the playbook), \`source\` (a file beside it) and \`template\` (a
file beside it, rendered for each host). An existing file keeps its mode and owner unless the step sets them; a new
file belongs to root and has mode 0644, or 0600 if its content is secret. A warning says if other users can read a
secret because of an existing file's mode. Missing parent folders are made.

The new file replaces the old one atomically, so nobody ever reads half of it. Symbolic links are followed: the file
that the link points to is written. A folder or a device at the path is an error.

A unit file below \`/etc/systemd/system\` makes systemd reload its units. \`restarts\` names units to restart afterwards,
once for all steps that name them, and only if they are running.

Undo restores the original, with its bytes, mode, owner, times and extended attributes. It removes a new file, with
the folders that were made for it if they are empty.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: {
        type: 'string',
        description: 'Absolute path on the host.',
        pattern: '^/([^/\\u0000-\\u001f\\u007f]+/)*[^/\\u0000-\\u001f\\u007f]+$',
        'x-error': 'a path must be absolute, name a file and have no control characters',
      },
      content: { type: 'string', description: 'The whole content, including the final newline.' },
      source: {
        type: 'string',
        description: 'A text file with the content; relative to the playbook.',
        'x-local-file': 'text',
      },
      template: {
        type: 'string',
        description: 'A template file whose rendered text is the content; relative to the playbook.',
        'x-local-file': 'template',
      },
      mode: {
        type: 'string',
        description:
          "Octal, quoted, for example `'0640'`. Default: unchanged; `'0644'` for a new file, `'0600'` for a secret one.",
        pattern: '^0?[0-7]{3}$|^[0-7]{4}$',
        'x-error': "a mode is three or four octal digits in quotes, for example '0640'",
      },
      owner: {
        type: 'string',
        description: 'A user by name. Default: unchanged; `root` for a new file.',
        pattern: '^[A-Za-z_][^:/\\s\\u0000]*$',
        'x-error': 'an owner is a user name',
      },
      group: {
        type: 'string',
        description: 'A group by name. Default: unchanged; `root` for a new file.',
        pattern: '^[A-Za-z_][^:/\\s\\u0000]*$',
        'x-error': 'a group is a group name',
      },
      secret: {
        type: 'boolean',
        description: 'Whether the content is secret: neither shown nor read from the host. Default: `false`.',
      },
      restarts: {
        type: 'array',
        items: { type: 'string', minLength: 1, description: 'A systemd unit; without a suffix, a service.' },
        uniqueItems: true,
        description: 'Units to restart when the file changes, if they run. Default: none.',
      },
      state: { enum: ['present', 'absent'], description: 'Default: `present`.' },
    },
  },
  examples: [
    {
      title: 'A text from the playbook',
      params: { path: '/etc/motd', content: 'Changes here are made by meshbook.\n' },
    },
    {
      title: 'A template that only root may read, and a daemon that is restarted',
      params: {
        path: '/etc/chrony/chrony.conf',
        template: 'templates/chrony.conf.j2',
        mode: '0600',
        owner: 'root',
        group: 'root',
        restarts: ['chrony'],
      },
    },
    { title: 'No such file', params: { path: '/etc/cron.d/old-backup', state: 'absent' } },
  ],
  check({ content, source, template, state, ...params }) {
    const given = [content, source, template].filter((text) => text !== undefined);
    if (state === 'absent') {
      const stray =
        given.length > 0
          ? 'content'
          : (['mode', 'owner', 'group'] as const).find((key) => params[key] !== undefined);
      if (stray === undefined) return [];
      return [
        {
          code: 'file-contradiction',
          message: `a file with state: absent has no ${stray}`,
          path: ['state'],
        },
      ];
    }
    const problems: Problem[] = [];
    if (given.length !== 1) {
      problems.push({
        code: 'file-content',
        message: given.length === 0 ? 'the file has no content' : 'the file has more than one content',
        hint: 'give exactly one of content, source and template',
      });
    }
    if (given.some((text) => text.includes('\0'))) {
      problems.push({
        code: 'file-content',
        message: 'the content holds a NUL byte; only text files are supported',
      });
    }
    return problems;
  },
  secrets: ({ secret }) => (secret ? ['content', 'source', 'template'] : []),
  describes: ({ path, content, source, template, mode, secret, state }) => [
    { is: 'file', does: state === 'absent' ? 'removes' : 'makes', path, mode, secret },
    ...(secret === true ? [] : declaredBy(path, { content, source, template })),
  ],
  takesAway: (thing) =>
    thing.is === 'file'
      ? { path: thing.path, state: 'absent', ...(thing.secret ? { secret: true } : {}) }
      : undefined,
  facts: ({ path, secret }) => [query(path, secret)],
  plan(
    { path, content, source, template, mode, owner, group, secret, restarts = [], state = 'present' },
    facts,
  ) {
    const before = facts.get(query(path, secret));
    if (before?.kind === 'directory' || before?.kind === 'other') {
      const what = before.kind === 'directory' ? 'a folder' : 'not a regular file';
      return {
        changes: [],
        problems: [{ code: 'not-a-file', message: `${path} is ${what} there`, path: ['path'] }],
      };
    }
    const settle: SettleAction[] = [
      ...(isUnitFile(path) ? [{ type: 'daemon-reload' } as const] : []),
      ...restarts.map((unit): SettleAction => ({ type: 'unit-restart', unit: unitName(unit) })),
    ];
    const more = { ...(settle.length === 0 ? {} : { settle }), ...(secret ? { secret: true as const } : {}) };
    const wanted = {
      content: content ?? source ?? template ?? '',
      ...modeOf(mode ?? (secret && (before === null || before.kind === 'dangling') ? '0600' : undefined)),
      ...tidy({ owner, group }),
    };
    const change =
      state === 'absent' ? removeFile(path, before, more) : writeFile(path, before, wanted, more);
    return { changes: change === undefined ? [] : [change] };
  },
});

function modeOf(mode: string | undefined): { mode?: string } {
  return mode === undefined ? {} : { mode: mode.padStart(4, '0') };
}

function query(path: string, secret: boolean | undefined): FactQuery<FileFact> {
  return secret ? fileHashFact(path) : fileFact(path);
}

// systemd.unit(5): where an administrator's units and drop-ins are.
function isUnitFile(path: string): boolean {
  return /^\/(etc|run|usr\/local\/lib|usr\/lib|lib)\/systemd\/system\//.test(path);
}
