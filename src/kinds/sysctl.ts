import { removeFile, writeFile } from '../changes/file/file.ts';
import type { Change } from '../changes/registry.ts';
import { fileFact } from '../facts/file.ts';
import { normalSysctl, sysctlFact } from '../facts/sysctl.ts';
import { defineKind } from './define-kind.ts';

export default defineKind({
  name: 'sysctl',
  summary: 'A kernel parameter has this value, now and after a reboot.',
  description: `
Sets the value in the running kernel and writes it to its own file, \`/etc/sysctl.d/60-meshbook-NAME.conf\`. At boot,
files whose names sort later override it, among them \`/etc/sysctl.d/99-sysctl.conf\`.

A parameter that doesn't exist yet may be created by an earlier step (an interface, a module); if it doesn't exist
when the step runs, the step fails.

Undo restores the value and the file.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'value'],
    properties: {
      name: {
        type: 'string',
        description:
          'With dots or slashes, as sysctl takes it: `net.ipv4.ip_forward`, `net/ipv4/conf/eth0.100/rp_filter`.',
        pattern: '^[A-Za-z0-9_@:-]+([./][A-Za-z0-9_@:-]+)+$',
        'x-error': "this is not a kernel parameter's name, such as net.ipv4.ip_forward",
      },
      value: {
        description: 'A number or a text; several blanks count as one.',
        anyOf: [
          { type: 'integer' },
          {
            type: 'string',
            pattern: '^[^\\u0000-\\u0008\\u000a-\\u001f]+$',
            'x-error': 'a value is one line of text',
          },
        ],
      },
      persist: {
        type: 'boolean',
        description: "Whether it persists over a reboot. `false` removes meshbook's file. Default: `true`.",
      },
    },
  },
  examples: [
    { title: 'The host routes', params: { name: 'net.ipv4.ip_forward', value: 1 } },
    {
      title: 'Until the next reboot',
      params: { name: 'net.ipv4.conf.all.rp_filter', value: 2, persist: false },
    },
  ],
  describes: ({ name, persist = true }) => [
    { is: 'parameter', does: 'makes', name },
    { is: 'file', does: persist ? 'makes' : 'removes', path: fileOf(name), part: true },
  ],
  facts: ({ name }) => [sysctlFact(name), fileFact(fileOf(name))],
  plan({ name, value, persist = true }, facts) {
    const after = normalSysctl(String(value));
    const before = facts.get(sysctlFact(name));
    const path = fileOf(name);
    const now = facts.get(fileFact(path));
    const content = `# Written by meshbook.\n${name} = ${after}\n`;
    const file = persist ? writeFile(path, now, { content }) : removeFile(path, now);
    const live: Change[] = before === after ? [] : [{ type: 'sysctl', name, before, after }];
    return { changes: file === undefined ? live : [...live, file] };
  },
});

function fileOf(name: string): string {
  return `/etc/sysctl.d/60-meshbook-${name.replaceAll('/', '-')}.conf`;
}
