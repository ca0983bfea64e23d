import { type Facts, UnknownFact } from '../facts/fact.ts';
import { argument, either, flag, nothing, recordOf } from '../facts/schema.ts';
import { unitFact } from '../facts/unit.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, none, type Parts, type Primitive } from './change.ts';
import { diffField } from './fields.ts';
import { thing } from './thing.ts';
import { unlessGone } from './unit-commands.ts';

/** Whether a unit starts at boot and whether it runs now; undefined is unchanged. */
export interface UnitState {
  readonly enabled?: boolean;
  readonly active?: boolean;
}

/** A systemd unit is enabled or disabled, started or stopped. */
export interface UnitChange extends ChangeBase {
  readonly type: 'unit';
  /** With its suffix. */
  readonly unit: string;
  /** Null: unknown at planning time, for example before its package is installed. */
  readonly before: UnitState | null;
  /** Everything wanted, including what is already so. */
  readonly after: UnitState;
}

const state = recordOf<UnitState>({}, { enabled: flag, active: flag });

export const unitPrimitive: Primitive<UnitChange> = {
  type: 'unit',
  schema: changeSchema<UnitChange>('unit', { unit: argument, before: either(state, nothing), after: state }),
  // Enabling is permanent; what it starts is gone after a boot, like everything that runs.
  scope: 'disk',
  risks: [],
  stage: 'main',
  needsSettled: true,
  touches: ({ unit, after }) => [
    ...(after.active === undefined ? [] : [thing.unit(unit)]),
    ...(after.enabled === undefined ? [] : [thing.unitAtBoot(unit)]),
  ],
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: ({ before }) => before === null,
  marks: 'no marks',
  title: ({ unit }) => ({ action: 'update', noun: 'unit', target: unit }),
  fields: ({ before, after }) =>
    (['enabled', 'active'] as const).flatMap((name) =>
      after[name] === undefined ? [] : diffField(name, before?.[name], after[name]),
    ),
  predict,
  save: ({ unit }) =>
    lines(
      sh`systemctl is-enabled -- ${unit} >"$before/enabled" 2>/dev/null || :`,
      sh`systemctl is-active -- ${unit} >"$before/active" 2>/dev/null || :`,
    ),
  apply: ({ unit, after: { enabled, active } }) =>
    lines(
      enabled === undefined ? undefined : enable(unit, enabled),
      active === undefined ? undefined : activate(unit, active),
    ),
  undo: ({ unit, after }) =>
    lines(
      after.active === undefined
        ? undefined
        : restore(unit, 'active', 'active|activating|reloading', [
            activate(unit, true),
            activate(unit, false),
          ]),
      after.enabled === undefined
        ? undefined
        : restore(unit, 'enabled', 'enabled', [enable(unit, true), enable(unit, false)]),
    ),
  recheck: { queries: ({ unit }) => [unitFact(unit)], parts, leaves: none },
};

function parts({ unit, after }: UnitChange, facts: Facts): Parts {
  const now = facts.get(unitFact(unit));
  if (now === null) throw new UnknownFact('systemd does not run this host');
  const gone = now.load === 'not-found';
  const enabled = now.load === 'masked' ? 'masked' : now.file.startsWith('enabled') ? 'enabled' : 'disabled';
  // A unit that has failed was not stopped by anybody, but counts as stopped.
  const active = ['active', 'activating', 'reloading'].includes(now.active) ? 'running' : 'stopped';
  return {
    ...(after.enabled === undefined ? {} : { [`unit ${unit} at boot`]: gone ? null : enabled }),
    ...(after.active === undefined ? {} : { [`unit ${unit}`]: gone ? null : active }),
  };
}

function enable(unit: string, on: boolean): Sh {
  return on ? sh`systemctl enable --quiet -- ${unit}` : sh`systemctl disable --quiet -- ${unit}`;
}

function activate(unit: string, on: boolean): Sh {
  return on ? sh`systemctl start -- ${unit}` : sh`systemctl stop -- ${unit}`;
}

function restore(unit: string, file: string, on: string, [start, stop]: readonly [Sh, Sh]): Sh {
  return lines(
    sh`case $(cat "$before/"${file}) in`,
    raw(`${on})`),
    unlessGone(unit, start),
    raw(';;\n*)'),
    // A unit that came with this run may already be gone.
    sh`${stop} 2>/dev/null || :`,
    raw(';;\nesac'),
  );
}

function predict({ unit, after }: UnitChange, facts: Facts): Facts {
  const query = unitFact(unit);
  const now = facts.find(unitFact(unit));
  return facts.with(query, {
    load: 'loaded',
    active: after.active === undefined ? (now?.active ?? 'inactive') : after.active ? 'active' : 'inactive',
    file: after.enabled === undefined ? (now?.file ?? '') : after.enabled ? 'enabled' : 'disabled',
  });
}
