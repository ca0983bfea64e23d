import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery, Facts } from './fact.ts';
import { either, nothing, record, text } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** A unit's state in systemd's own words (systemctl(1), org.freedesktop.systemd1(5)). */
export interface Unit {
  /** `loaded`, `not-found`, `masked`, … */
  readonly load: string;
  /** `active`, `inactive`, `failed`, `activating`, … */
  readonly active: string;
  /** `enabled`, `disabled`, `static`, …; empty if there is no unit file. */
  readonly file: string;
}

/** Null: systemd doesn't run this host. */
export type UnitFact = Unit | null;

const units: FactFamily<UnitFact> = {
  name: 'unit',
  command: 'systemctl show',
  schema: either(nothing, record({ load: text, active: text, file: text })),
  query,
  parse,
  canonical: (value) => (value === null ? null : { ...value }),
};

/** A unit by its name; a name without a suffix is a service. */
export function unitFact(name: string): FactQuery<UnitFact> {
  return { family: units, key: unitName(name) };
}

// systemd.unit(5): the types of units.
const suffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** The name with its suffix. */
export function unitName(name: string): string {
  return suffix.test(name) ? name : `${name}.service`;
}

function query(names: readonly string[]): Sh {
  return lines(
    raw("if ! [ -d /run/systemd/system ]; then echo 'no systemd'; exit 0; fi"),
    sh`systemctl show -p LoadState -p ActiveState -p UnitFileState -- ${names}`,
  );
}

/** One block per unit, in the order asked for: a block's own name may be that of an alias's target. */
function parse(output: string, names: readonly string[]): ReadonlyMap<string, UnitFact> {
  if (output.trim() === 'no systemd') return new Map(names.map((name) => [name, null]));
  const blocks = output.trim().split(/\n\n+/);
  if (blocks.length !== names.length)
    throw new Unreadable(`${blocks.length} units instead of ${names.length}`);
  return new Map(names.map((name, i) => [name, parseUnit(blocks[i] ?? '')]));
}

function parseUnit(block: string): Unit {
  const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const load = field('LoadState');
  if (load === '') throw new Unreadable('a unit without LoadState');
  return { load, active: field('ActiveState'), file: field('UnitFileState') };
}

/** The facts with the units that `which` selects unknown. */
export function forgetUnits(facts: Facts, which: (unit: UnitFact) => boolean, reason: string): Facts {
  return [...facts.ofFamily(units)]
    .filter(([, state]) => 'value' in state && which(state.value as UnitFact))
    .reduce((known, [name]) => known.without(unitFact(name), reason), facts);
}

/** The unit of a unit file, by systemd.unit(5); undefined for a drop-in. */
function unitOf(path: string): string | undefined {
  const [, name] = /^\/(?:etc|run|usr\/local\/lib|usr\/lib|lib)\/systemd\/system\/([^/]+)$/.exec(path) ?? [];
  return name !== undefined && suffix.test(name) ? name : undefined;
}

/** The facts once a file has this text and systemd has read it; null: once it is removed. */
export function withUnitFile(facts: Facts, path: string, text: string | null): Facts {
  const file = unitOf(path);
  if (file === undefined) return facts;
  return [...facts.ofFamily(units)].reduce((known, [name, state]) => {
    // `web@.service` is the template of `web@blue.service`.
    const isAbout = name === file || name.replace(/@.+(\.[a-z]+)$/, '@$1') === file;
    if (!isAbout || !('value' in state)) return known;
    const unit = state.value as UnitFact;
    if (unit === null || unit.load === 'masked') return known;
    // The same unit may also be defined elsewhere.
    if (text === null) return known.without(unitFact(name), `an earlier step removes ${path}`);
    const installable = /^[ \t]*(WantedBy|RequiredBy|UpheldBy|Alias|Also)[ \t]*=[ \t]*\S/m.test(text);
    const enabled = unit.file === 'enabled' ? 'enabled' : installable ? 'disabled' : 'static';
    return known.with(unitFact(name), { ...unit, load: 'loaded', file: enabled });
  }, facts);
}
