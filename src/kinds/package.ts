import { packageFact } from '../facts/package.ts';
import { defineKind } from './define-kind.ts';

const name = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9+._-]*[A-Za-z0-9+]$',
  'x-error': "this is not a package's name (versions and architectures can't be given)",
} as const;

export default defineKind({
  name: 'package',
  summary: 'Packages are installed or not installed.',
  description: `
Installs with apt-get on Debian and Ubuntu, with dnf or yum on hosts that have those, all packages of a step at once.
An installed package keeps its version. Configuration files that someone changed are kept. An install that would
remove other packages fails, and so does a removal that would remove packages that the step doesn't name. With apt,
the host's package lists are fetched first if they know no version of a package, or if \`update_cache\` says so. Virtual
packages can't be named.

Packages are installed before anything else in the run is changed, and no deadline interrupts that.

**Undo** leaves packages installed, and says so, because they may be in use. \`meshbook undo --packages\` removes
exactly those that the run installed, with dependencies and configuration, and installs again what the run removed,
for which the host needs its package sources. Packages that were upgraded stay upgraded.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        description: 'A package, or a list of them.',
        anyOf: [name, { type: 'array', items: name, minItems: 1, uniqueItems: true }],
      },
      state: {
        enum: ['present', 'absent'],
        description:
          'Whether they are installed. `absent` leaves configuration files behind. Default: `present`.',
      },
      update_cache: {
        type: 'boolean',
        description:
          'Whether to fetch the package lists before an install even when they know the packages. Default: `false`.',
      },
    },
  },
  examples: [
    {
      title: 'Open vSwitch, and what ifupdown needs for bridges',
      params: { name: ['openvswitch-switch', 'bridge-utils'] },
    },
    { title: 'The newest version in the package sources', params: { name: 'tcpdump', update_cache: true } },
    { title: 'Not installed', params: { name: 'netcat-traditional', state: 'absent' } },
  ],
  describes: ({ name, state }) =>
    listed(name).map((one) => ({
      is: 'package',
      does: state === 'absent' ? 'removes' : 'makes',
      name: one,
    })),
  facts: ({ name }) => listed(name).map(packageFact),
  plan({ name, state = 'present', update_cache = false }, facts) {
    const packages = listed(name)
      .map((one) => ({ name: one, before: facts.get(packageFact(one)) }))
      .filter(({ before }) => (before.installed === null) === (state === 'present'));
    if (packages.length === 0) return { changes: [] };
    if (state === 'absent')
      return { changes: [{ type: 'package', packages, after: 'removed', update: false }] };
    const update = update_cache || packages.some(({ before }) => before.candidate === null);
    return { changes: [{ type: 'package', packages, after: 'installed', update }] };
  },
});

function listed(name: string | readonly string[]): readonly string[] {
  return typeof name === 'string' ? [name] : name;
}
