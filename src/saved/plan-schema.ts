import { primitives } from '../changes/registry.ts';
import { settleSchema } from '../changes/settle/action.ts';
import { guardSchema } from '../facts/guard.ts';
import {
  either,
  flag,
  integer,
  list,
  mapping,
  nothing,
  oneOf,
  oneOfAll,
  record,
  recordOf,
  type Schema,
  seconds,
  text,
  unlike,
} from '../facts/schema.ts';
import type { Lease } from '../ipam/leases.ts';
import { entry } from '../json/records.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { kinds } from '../kinds/registry.ts';
import type { Between } from '../model/check-types.ts';
import type { HostOverlay, Peer, Protection } from '../model/host-overlay.ts';
import { checkKinds, checkParamsSchemas } from '../model/playbook/check-schema.ts';
import type { GivenAddress } from '../model/resolved.ts';
import { validateSchema, validParts } from '../model/schema/schema.ts';
import type { OnFailure, SshSettings, TunnelType } from '../model/types.ts';
import type { PlannedStep } from '../plan/host-plan.ts';
import type { LeftOver } from '../plan/left-over-types.ts';
import type { DiagnosticJson } from '../report/diagnostics/json.ts';
import type { FormerHost, ReportedCheck } from '../report/plan/plan-report.ts';
import { troubleSchema } from '../run/trouble-schema.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SavedHead, SavedHost, SavedPlan, SavedStep } from './saved-plan.ts';

const texts = list(text);
const object: Schema = { type: 'object' };
/** Line numbers precede a step in messages: no more than a file can have. */
const line: Schema = { type: 'integer', minimum: 1, maximum: 10_000_000 };
/** The maximum index of a step. */
const index: Schema = { type: 'integer', minimum: 0, maximum: 1_000_000 };
const yes: Schema = { const: true };

const lease = recordOf<Lease>({}, { bridgeAddress: text, fixedCidr: text, replaced: texts });
const leases = mapping(lease);

const warning = recordOf<DiagnosticJson>(
  { severity: oneOf('error', 'warning'), code: text, message: text },
  {
    hosts: texts,
    file: text,
    line: integer,
    column: integer,
    endLine: integer,
    endColumn: integer,
    hint: text,
  },
);

const between = either(
  oneOfAll<Extract<Between, string>>({ all_pairs: true, neighbours: true, none: true }),
  record({ sample: integer }),
);
const check = recordOf<ReportedCheck>({
  index,
  name: text,
  kind: oneOf(...checkKinds),
  between,
  timeout: seconds,
  retry: seconds,
  hosts: mapping(either(object, nothing)),
});

const origin = either(
  record({ from: oneOf('hosts', 'nothing') }),
  record({ from: { const: 'facts' }, folder: text }, { oldest: text, newest: text, complete: yes }),
);

const head = recordOf<SavedHead>(
  {
    meshbook: text,
    madeAt: text,
    play: text,
    playbook: text,
    inventory: text,
    origin,
    onFailure: oneOfAll<OnFailure>({ undo_all: true, undo_host: true, keep: true }),
    warnings: list(warning),
    checks: list(check),
    choice: recordOf<SavedHead['choice']>({ tags: texts, skipTags: texts }, { limit: text }),
    steps: texts,
    leases: mapping(recordOf<SavedHead['leases'][string]>({ before: leases, after: leases })),
    unreachable: mapping(troubleSchema),
  },
  {
    moreInventories: texts,
    formerHosts: list(recordOf<FormerHost>({ host: text, run: text, runs: integer })),
  },
);

const overlay = recordOf<HostOverlay>(
  {
    name: text,
    cidr: text,
    tunnel: oneOfAll<TunnelType>({ gre: true, vxlan: true, geneve: true }),
    mtu: integer,
    underlayMtu: integer,
    bridgeAddress: text,
    fixedCidr: text,
    underlayAddress: text,
    peers: list(recordOf<Peer>({ host: text, remoteAddress: text, port: text })),
    protection: oneOfAll<Protection>({ none: true, protected: true, rstp: true }),
  },
  { key: integer, dstPort: integer, replaced: texts },
);

const step = recordOf<SavedStep>(
  { index, name: text, kind: oneOf(...kinds.keys()), line, params: object },
  { timeout: seconds, prune: yes, secrets: texts },
);

// Its schema is its primitive's.
const change = record({ type: oneOf(...primitives.keys()) });
const plannedStep = recordOf<PlannedStep>(
  { index, name: text, kind: text, changes: list(change), unknowns: texts },
  { settle: list(settleSchema), asks: list(guardSchema), secret: yes, prune: yes },
);

const ssh = recordOf<SshSettings>(
  {},
  {
    user: text,
    port: integer,
    identityFiles: texts,
    knownHosts: texts,
    proxyJump: text,
    connectTimeout: seconds,
    keepalive: seconds,
  },
);

const part = either(text, nothing, record({ text }), record({ hidden: text }));
const owner = either(
  record({ by: { const: 'run' }, run: text, at: text, user: text }, { playbook: text, set: part, ran: flag }),
  record({ by: oneOf('mark', 'nobody') }),
);

/** It becomes a file name of its program. */
const hostName: Schema = { type: 'string', pattern: '^[^/\\u0000]+$' };

const host = recordOf<SavedHost>(
  {
    name: hostName,
    address: text,
    underlayAddress: text,
    groups: texts,
    ssh,
    become: flag,
    fingerprint: text,
    overlays: list(overlay),
    steps: list(step),
    plan: list(plannedStep),
  },
  {
    unresolved: texts,
    masked: yes,
    runningContainers: integer,
    leftOver: list(
      recordOf<LeftOver>(
        { part: text, detail: text, owner, certain: flag },
        { removal: record({ kind: text, params: object }), stays: text },
      ),
    ),
    given: list(recordOf<GivenAddress>({ link: text, address: text })),
  },
);

/** Where the value read for a plan is invalid, and what is expected there. */
export function unlikePlan({ head: ofAll, hosts }: SavedPlan): string | undefined {
  const inHead = unlike(head, ofAll) ?? first(ofAll.checks, unlikeCheck, '/checks') ?? unlikeLeases(ofAll);
  const names = new Set<string>();
  const inHost = (one: SavedHost) => {
    const wrong = unlike(host, one) ?? unlikeHost(one);
    if (wrong !== undefined) return wrong;
    if (names.has(one.name)) return '/name is the name of another host, too';
    names.add(one.name);
    return fingerprintOf(ofAll, one) === one.fingerprint
      ? undefined
      : '/fingerprint is not that of what the file says of the host';
  };
  return inHead ?? first(hosts, inHost, '/hosts');
}

/** `replaced` in a lease is shown nowhere, so it can only be what the host had. */
function unlikeLeases({ leases }: SavedHead): string | undefined {
  for (const [overlay, { before, after }] of Object.entries(leases)) {
    for (const [host, { replaced = [] }] of Object.entries(after)) {
      const { bridgeAddress, replaced: old = [] } = entry(before, host) ?? {};
      const wrong = replaced.find((address) => address !== bridgeAddress && !old.includes(address));
      if (wrong !== undefined)
        return `/leases/${overlay}/after/${host}/replaced holds ${wrong}, which the host never had`;
    }
  }
  return undefined;
}

function unlikeCheck({ kind, hosts }: ReportedCheck): string | undefined {
  for (const [name, params] of Object.entries(hosts)) {
    const wrong = params === null ? undefined : unlikeModel(checkParamsSchemas[kind], params);
    if (wrong !== undefined) return `/hosts/${name}${wrong}`;
  }
  return undefined;
}

function unlikeHost(host: SavedHost): string | undefined {
  const ofStep = ({ changes }: PlannedStep) => first(changes, unlikeChange, '/changes');
  return first(host.steps, (step) => unlikeStep(host, step), '/steps') ?? first(host.plan, ofStep, '/plan');
}

function unlikeChange(change: PlannedStep['changes'][number]): string | undefined {
  return unlike(primitives.get(change.type)?.schema ?? {}, change);
}

/** If secret params are left out, an apply reads the step again and compares the others. */
function unlikeStep(host: SavedHost, step: SavedStep): string | undefined {
  const { kind, params, secrets = [] } = step;
  const known = kinds.get(kind) as Kind;
  const kept = known.secrets?.(params)?.find((param) => Object.hasOwn(params, param));
  if (kept !== undefined) return `/params/${kept} is secret, and no saved plan holds a secret`;
  if (secrets.length === 0) {
    const wrong = unlikeModel(known.params, params) ?? unfit(known, host, step);
    return wrong && `/params${wrong}`;
  }
  const valid = validParts(known.params, params);
  const wrong = Object.keys(params).find((param) => !Object.hasOwn(valid, param));
  return wrong && `/params/${wrong} is no such param of ${kind}`;
}

/** What a kind refuses about params, as for a step of a playbook. A prune is in no playbook. */
function unfit(
  kind: Kind,
  { name, overlays }: SavedHost,
  { params, name: step, prune }: SavedStep,
): string | undefined {
  if (prune) return undefined;
  const view = { host: name, step, overlays: new Map(overlays.map((overlay) => [overlay.name, overlay])) };
  const [problem] = kind.check?.(params, view) ?? [];
  return problem && `${(problem.path ?? []).map((key) => `/${key}`).join('')} ${problem.message}`;
}

/** The same with a schema of the model, whose texts have formats. */
function unlikeModel(schema: object, value: unknown): string | undefined {
  const [wrong] = validateSchema(schema, value, (path) => ({
    source: { path: path.map((key) => `/${key}`).join(''), text: '' },
    start: 0,
    end: 0,
  }));
  return wrong && `${wrong.range?.source.path} ${wrong.message}`;
}

/** The first invalid value of a list, and why. */
function first<T>(
  values: readonly T[],
  why: (value: T) => string | undefined,
  at: string,
): string | undefined {
  for (const [i, value] of values.entries()) {
    const wrong = why(value);
    if (wrong !== undefined) return `${at}/${i}${wrong}`;
  }
  return undefined;
}
