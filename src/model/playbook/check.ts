import type { Checked, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { tidy } from '../../json/records.ts';
import { allowance } from '../../source/allowance.ts';
import type { Locate } from '../../source/locate.ts';
import type { Between, Check, CheckKind } from '../check-types.ts';
import { durationSeconds } from '../schema/duration.ts';
import { asMapping, type Mapping } from '../schema/raw-inventory.ts';
import { validateSchema } from '../schema/schema.ts';
import { checkKeyElsewhere } from '../schema/words-elsewhere.ts';
import { checkKinds, checkSchema, reservedCheckKeys } from './check-schema.ts';
import { templatedHosts } from './step.ts';

interface RawCheck {
  readonly name?: string;
  readonly hosts?: string;
  readonly between?: string;
  readonly timeout?: number | string;
  readonly retry?: number | string;
}

/** Seconds. A command may have more to do than one packet. */
const timeouts: Readonly<Record<CheckKind, number>> = { ping: 2, tcp: 3, http: 5, command: 30, loop: 1 };

/** Tunnels take time to learn addresses. The first answer of a command counts. */
const retries: Readonly<Record<CheckKind, number>> = { ping: 5, tcp: 5, http: 5, command: 0, loop: 5 };

/** Reads the list under `checks`; params are validated when templates are rendered. */
export function readChecks(list: unknown, locate: Locate): Checked<readonly Check[]> {
  const diagnostics: Diagnostic[] = [];
  const checks: Check[] = [];
  const entries: unknown[] = Array.isArray(list) ? list.slice(0, allowance.steps) : [];
  for (const [index, raw] of entries.entries()) {
    // The playbook's schema has already reported what isn't a mapping.
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) continue;
    const check = readCheck(raw as Mapping, index, locate);
    diagnostics.push(...check.diagnostics);
    if (check.value !== undefined) checks.push(check.value);
  }
  return { value: checks, diagnostics };
}

function readCheck(raw: Mapping, index: number, locate: Locate): Checked<Check> {
  const base = ['checks', index] as const;
  const fromHere: Locate = (path, part) => locate([...base, ...path], part);
  const kind = findKind(raw, fromHere);
  const diagnostics = [...validateSchema(checkSchema, raw, locate, base), ...kind.diagnostics];
  if (typeof raw.hosts === 'string' && raw.hosts.includes('{{')) diagnostics.push(templatedHosts(fromHere));
  if (kind.value !== undefined) diagnostics.push(...checkParams(raw, kind.value, fromHere));
  const hostsAreWrong =
    raw.hosts !== undefined && (typeof raw.hosts !== 'string' || raw.hosts.includes('{{'));
  if (kind.value === undefined || asMapping(raw[kind.value]) !== raw[kind.value] || hostsAreWrong)
    return { diagnostics };
  // The params are checked even if other keys are wrong.
  const { name, hosts, between, timeout, retry } = (
    diagnostics.length > 0 ? { hosts: raw.hosts } : raw
  ) as RawCheck;
  const value: Check = tidy({
    index,
    name: name ?? kind.value,
    kind: kind.value,
    params: asMapping(raw[kind.value]),
    hosts,
    between: kind.value === 'command' ? 'none' : readBetween(between),
    timeout: timeout === undefined ? timeouts[kind.value] : durationSeconds(timeout),
    retry: retry === undefined ? retries[kind.value] : durationSeconds(retry),
    locate: fromHere,
  });
  return { value, diagnostics };
}

function readBetween(text: string | undefined): Between {
  if (text === undefined) return 'all_pairs';
  const [, n] = /^sample (\d+)$/.exec(text) ?? [];
  return n === undefined ? (text as Exclude<Between, object>) : { sample: Number(n) };
}

/** The only key of a check that isn't reserved. */
function findKind(raw: Mapping, locate: Locate): Checked<CheckKind> {
  const others = Object.keys(raw).filter((key) => !reservedCheckKeys.includes(key));
  const [first, ...more] = others.filter((key): key is CheckKind => checkKinds.includes(key as CheckKind));
  const diagnostics = others.flatMap((key) =>
    checkKinds.includes(key as CheckKind) ? [] : [unknownKey(key, first, locate)],
  );
  for (const key of more) {
    diagnostics.push({
      severity: 'error',
      code: 'two-kinds',
      message: `a check has one kind, and this one has '${first}' already`,
      range: locate([key], 'key'),
      hint: `make '${key}' a separate check`,
    });
  }
  if (first === undefined && others.length === 0) {
    diagnostics.push({
      severity: 'error',
      code: 'no-kind',
      message: 'this check has no kind, so there is nothing to check',
      range: locate([]),
      hint: kindsHint,
    });
  }
  return first === undefined || more.length > 0 ? { diagnostics } : { value: first, diagnostics };
}

const kindsHint = `a check is one of ${checkKinds.join(', ')}`;

function unknownKey(key: string, kind: string | undefined, locate: Locate): Diagnostic {
  const instead = checkKeyElsewhere(key);
  const meant = didYouMean(key, [...checkKinds, ...reservedCheckKeys]);
  const known =
    kind === undefined ? kindsHint : `besides its kind a check has ${reservedCheckKeys.join(', ')}`;
  return {
    severity: 'error',
    code: 'unknown-key',
    message: `unknown key '${key}' in a check`,
    range: locate([key], 'key'),
    hint: instead ?? meant ?? known,
  };
}

const paramsAreMapping = { type: 'object' } as const;

/** Errors in params that show before rendering, and keys that don't fit the kind. */
function checkParams(raw: Mapping, kind: CheckKind, locate: Locate): Diagnostic[] {
  const problems = validateSchema(paramsAreMapping, raw[kind], locate, [kind]).map((d) => ({
    ...d,
    hint: kind === 'command' ? "write 'command: { run: … }'" : `write '${kind}: { PARAM: VALUE }'`,
  }));
  const params = asMapping(raw[kind]);
  const mustNot = (path: string[], message: string, hint: string) =>
    problems.push({ severity: 'error', code: 'invalid-value', message, range: locate(path, 'key'), hint });
  if (params.mtu !== undefined && params.size !== undefined) {
    mustNot([kind, 'size'], "'mtu' and 'size' both set the size of a packet", "keep 'mtu' or 'size'");
  }
  if (kind === 'command' && raw.between !== undefined && raw.between !== 'none') {
    mustNot(['between'], 'a command runs on each host alone', "leave 'between' out");
  }
  if (kind === 'loop' && raw.between === 'none') {
    mustNot(['between'], 'a loop can only be seen between hosts', "leave 'between' out");
  }
  return problems;
}
