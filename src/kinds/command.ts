import type { RunChange } from '../changes/run.ts';
import { orUnknown, UnknownFact } from '../facts/fact.ts';
import { type Guard, guardFact } from '../facts/guard.ts';
import { tidy } from '../json/records.ts';
import { defineKind, type Problem } from './define-kind.ts';

const path = {
  type: 'string',
  pattern: '^/[^\\u0000-\\u001f\\u007f]*$',
  'x-error': 'a path must be absolute and have no control characters',
} as const;

const script = {
  type: 'string',
  minLength: 1,
  pattern: '^[^\\u0000]*$',
  'x-error': 'no script can hold a NUL byte',
} as const;

export default defineKind({
  name: 'command',
  summary: 'A command has run, unless its guard finds nothing to do.',
  description: `
For what no other kind does. Give exactly one of \`run\` (a script for \`sh\`) and \`argv\` (a program and its arguments,
without a shell), and exactly one of the guards \`creates\`, \`unless\`, \`only_if\` and \`always: true\`. The guard tells a
plan whether the command would run: it is run while planning, and again right before the command. It must not change
anything. It has 10 seconds.

If an earlier step changes the host, the answers of \`unless\` and \`only_if\` are unknown: the plan then shows the
command and says so. \`creates\` stays known, unless an earlier step may touch its path: a file at
it, above or below it, a package, a command, a unit that is started, a restart of Docker, and below \`/sys\`, \`/proc\`,
\`/run\` and \`/dev\` any change to the network. If the guard finds nothing to do at the command's turn, the command does
not run: it is reported so, and its undo doesn't run either. A command with \`always\` runs every time, and is ignored
when a run is verified.

Commands, guards and undo scripts have the same environment on every host: \`PATH\`, \`LC_ALL=C\`, \`HOME\`, \`USER\`,
\`LOGNAME\`, \`SHELL\`, \`SSH_CONNECTION\` and the login's proxy variables (\`http_proxy\` and the like), and nothing else
from the host's start files or sshd; set other variables in the script. An undo by timer or at boot has no login.

The command runs as root without a terminal and without input. It has its own process group, which is killed after the
step's \`timeout\` (300 s by default). Any exit status except 0 fails the step, and the end of the output is shown.

Undo runs the script in \`undo\`, if there is one, and only if the command was begun, even if it failed half-way.
Without \`undo\`, the command's effects stay.`,
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      run: { ...script, description: 'A script for `sh`, one line or many.' },
      argv: {
        type: 'array',
        items: { type: 'string', pattern: '^[^\\u0000]*$', 'x-error': 'no argument can hold a NUL byte' },
        minItems: 1,
        description: 'A program and its arguments, passed unchanged.',
      },
      creates: { ...path, description: 'Guard: nothing to do when this path exists.' },
      unless: { ...script, description: 'Guard: nothing to do when this shell command succeeds.' },
      only_if: { ...script, description: 'Guard: nothing to do when this shell command fails.' },
      always: { const: true, description: 'Instead of a guard: it runs every time.' },
      undo: {
        ...script,
        description: 'A script for `sh` that undoes what the command did. Default: none.',
      },
      chdir: { ...path, description: 'The folder in which command, guard and undo run. Default: not set.' },
    },
  },
  examples: [
    {
      title: 'A script that leaves a trace, and its undo',
      params: {
        run: 'mkdir -p /srv/data\nchmod 2775 /srv/data\n',
        creates: '/srv/data',
        undo: 'rmdir /srv/data',
      },
    },
    {
      title: 'A program without a shell',
      params: { argv: ['modprobe', 'br_netfilter'], unless: 'grep -q ^br_netfilter /proc/modules' },
    },
    { title: 'Every time', params: { run: 'systemctl kill -s HUP dnsmasq', always: true } },
  ],
  check({ run, argv, ...params }) {
    const problems: Problem[] = [];
    if ((run === undefined) === (argv === undefined)) {
      const message =
        run === undefined ? 'the step has no command' : 'the step has two commands, run and argv';
      problems.push({
        code: 'command-without-one',
        message,
        hint: 'give run (a shell script) or argv (a list)',
      });
    }
    const guards = (['creates', 'unless', 'only_if', 'always'] as const).filter(
      (key) => params[key] !== undefined,
    );
    if (guards.length === 0) {
      problems.push({
        code: 'command-without-guard',
        message: "without a guard, a plan can't tell whether the command would change anything",
        hint: 'give a guard (creates, unless or only_if), or write always: true',
      });
    }
    if (guards.length > 1) {
      const message = `the step has more than one guard: ${guards.join(', ')}`;
      problems.push({
        code: 'command-with-guards',
        message,
        path: [guards[1] ?? ''],
        hint: 'keep one of them',
      });
    }
    return problems;
  },
  describes: () => [],
  facts: (params) => {
    const guard = guardOf(params);
    return guard === undefined ? [] : [guardFact(guard)];
  },
  plan(params, facts, view) {
    const { run, argv, undo, chdir, always } = params;
    const guard = guardOf(params);
    const change: RunChange = tidy({
      type: 'run',
      command: run ?? argv ?? [],
      chdir,
      undo,
      timeout: view.timeout ?? 300,
      guard,
      always: always || undefined,
    });
    if (guard === undefined) return { changes: [change] };
    const done = orUnknown(() => facts.get(guardFact(guard)));
    if (done instanceof UnknownFact)
      return { changes: [change], unknowns: [`the answer of its guard, because ${done.reason}`] };
    return { changes: done ? [] : [change] };
  },
});

/** Undefined: it always runs. */
function guardOf({ creates, unless, only_if, chdir }: Guard): Guard | undefined {
  const where = chdir === undefined ? {} : { chdir };
  if (creates !== undefined) return { creates };
  if (unless !== undefined) return { unless, ...where };
  return only_if === undefined ? undefined : { only_if, ...where };
}
