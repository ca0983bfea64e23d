import type { UnitState } from '../changes/unit.ts';
import { orUnknown, UnknownFact } from '../facts/fact.ts';
import { type Unit, type UnitFact, unitFact, unitName } from '../facts/unit.ts';
import { defineKind, type Problem } from './define-kind.ts';

export default defineKind({
  name: 'service',
  summary: "A systemd unit runs or doesn't run, and starts at boot or doesn't.",
  description: `
Starts, stops, enables and disables; it never restarts (see \`restarts\` of the kind \`file\`). A failed unit counts as
stopped, one that is still starting as started. A unit whose work ends (\`Type=oneshot\` without \`RemainAfterExit\`) is
never found started: use \`command\` for it.

A missing unit is an error, unless the step stops or disables it, an earlier \`file\` step writes it, or an earlier step
installs a package that may contain it: then the host decides what to do.

Undo starts or stops the unit, and enables or disables it, as it was before.`,
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        description: 'The unit; without a suffix, a service.',
        pattern: '^[A-Za-z0-9:_.@\\\\-]+$',
        'x-error': 'this is not the name of a systemd unit',
      },
      state: {
        enum: ['started', 'stopped'],
        description: 'Whether it runs now. Default: unchanged.',
      },
      enabled: { type: 'boolean', description: 'Whether it starts at boot. Default: unchanged.' },
    },
  },
  examples: [
    {
      title: 'Runs now and after a reboot',
      params: { name: 'openvswitch-switch', state: 'started', enabled: true },
    },
    {
      title: 'A timer that must not run',
      params: { name: 'apt-daily.timer', state: 'stopped', enabled: false },
    },
  ],
  check: ({ state, enabled }) =>
    state === undefined && enabled === undefined
      ? [
          {
            code: 'service-without-state',
            message: 'the step asks for nothing',
            hint: 'give state, enabled, or both',
          },
        ]
      : [],
  describes: ({ name }) => [{ is: 'unit', does: 'makes', name: unitName(name) }],
  facts: ({ name }) => [unitFact(name)],
  plan({ name, state, enabled }, facts) {
    const unit = unitName(name);
    const after = {
      ...(enabled === undefined ? {} : { enabled }),
      ...(state === undefined ? {} : { active: state === 'started' }),
    };
    const known = orUnknown(() => facts.get(unitFact(unit)));
    if (known instanceof UnknownFact) {
      return {
        changes: [{ type: 'unit', unit, before: null, after }],
        unknowns: [`what ${unit} needs: ${known.reason}`],
      };
    }
    const problem = impossible(unit, known, after);
    if (problem !== undefined) return { changes: [], problems: [{ path: ['name'], ...problem }] };
    const before = stateOf(known);
    const differs =
      (after.enabled ?? before.enabled) !== before.enabled ||
      (after.active ?? before.active) !== before.active;
    return { changes: differs ? [{ type: 'unit', unit, before, after }] : [] };
  },
});

function stateOf(unit: UnitFact): Required<UnitState> {
  return {
    enabled: unit?.file === 'enabled',
    active: unit !== null && ['active', 'activating', 'reloading', 'refreshing'].includes(unit.active),
  };
}

function impossible(name: string, unit: UnitFact, { enabled, active }: UnitState): Problem | undefined {
  if (unit === null) return { code: 'no-systemd', message: 'systemd does not run there' };
  if (!enabled && !active) return undefined;
  if (unit.load === 'not-found') return { code: 'unknown-unit', message: `there is no unit ${name}` };
  if (unit.load === 'masked') {
    return { code: 'unit-masked', message: `${name} is masked`, hint: `systemctl unmask ${name}` };
  }
  return enabled ? cannotBeEnabled(name, unit) : undefined;
}

// systemctl(1), is-enabled: `systemctl enable` doesn't change these states.
function cannotBeEnabled(name: string, { file }: Unit): Problem | undefined {
  if (!['static', 'generated', 'transient', 'indirect'].includes(file)) return undefined;
  const message = `${name} is ${file}: systemd cannot enable it`;
  return { code: 'unit-not-enabled-by-itself', message, hint: 'leave out enabled' };
}
