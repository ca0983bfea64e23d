import type { ChangeView, Risk } from '../changes/change.ts';
import { primitives } from '../changes/registry.ts';
import {
  either,
  flag,
  integer,
  list,
  mapping,
  nothing,
  oneOf,
  record,
  type Schema,
  text,
  unlike,
} from '../facts/schema.ts';
import type { Between, CheckKind } from '../model/check-types.ts';
import type { OnFailure, TunnelType } from '../model/types.ts';
import type { Protection } from '../topology/types.ts';
import type { SavedHead, SavedHost, SavedPlan } from './plan-file.ts';

const texts = list(text);
const object: Schema = { type: 'object' };
/** Text lines are counted out in front of a step: no more than a file can have. */
const line: Schema = { type: 'integer', minimum: 1, maximum: 10_000_000 };
/** Steps are counted by it. */
const index: Schema = { type: 'integer', minimum: 0, maximum: 1_000_000 };
const number: Schema = { type: 'number' };
const yes: Schema = { const: true };

/** One of the words of a type, of which none may be forgotten: its plans would be refused. */
function oneOfAll<Word extends string>(words: Readonly<Record<Word, true>>): Schema {
  return oneOf(...Object.keys(words));
}

const lease = record({}, { bridgeAddress: text, fixedCidr: text, replaced: texts });
const leases = mapping(lease);

const trouble = record(
  { code: text, message: text },
  { hint: text, output: text, step: record({ name: text }, { at: text }), exitStatus: number },
);

const warning = record(
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

const address = { address: text };
const container = { container: text };
const checkParams: Readonly<Record<CheckKind, Schema>> = {
  ping: record(address, { mtu: integer, size: integer, df: flag, count: integer, ...container }),
  tcp: record({ ...address, port: integer }, container),
  http: record({ url: text }, { status: integer, contains: text, ...container }),
  command: record({ run: text }),
  loop: record({ interface: text }),
};

const between = either(
  oneOfAll<Extract<Between, string>>({ all_pairs: true, neighbours: true, none: true }),
  record({ sample: integer }),
);
const check = either(
  ...Object.entries(checkParams).map(([kind, params]) =>
    record({
      index,
      name: text,
      kind: { const: kind },
      between,
      timeout: number,
      retry: number,
      hosts: mapping(either(params, nothing)),
    }),
  ),
);

const origin = either(
  record({ from: oneOf('hosts', 'nothing') }),
  record({ from: { const: 'facts' }, folder: text }, { oldest: text, newest: text, complete: yes }),
);

const head = record(
  {
    meshbook: text,
    madeAt: text,
    play: text,
    playbook: text,
    inventory: text,
    origin,
    onFailure: oneOfAll<OnFailure>({ undo_all: true, undo_host: true, keep: true }),
    newLeases: texts,
    warnings: list(warning),
    checks: list(check),
    choice: record({ tags: texts, skipTags: texts }, { limit: text }),
    steps: texts,
    leases: mapping(record({ before: leases, after: leases })),
    unreachable: mapping(trouble),
  } satisfies Partial<Record<keyof SavedHead, Schema>>,
  {
    moreInventories: texts,
    formerHosts: list(record({ host: text, run: text, runs: integer })),
  },
);

const overlay = record(
  {
    name: text,
    cidr: text,
    tunnel: oneOfAll<TunnelType>({ gre: true, vxlan: true, geneve: true }),
    mtu: integer,
    underlayMtu: integer,
    bridgeAddress: text,
    fixedCidr: text,
    underlayAddress: text,
    peers: list(record({ host: text, remoteAddress: text, port: text })),
    protection: oneOfAll<Protection>({ none: true, protected: true, rstp: true }),
  },
  { key: integer, dstPort: integer, replaced: texts },
);

const step = record(
  { index, name: text, kind: text, line, params: object },
  { timeout: number, prune: yes, secrets: texts },
);

const guard = record({}, { creates: text, unless: text, only_if: text, chdir: text });
const settle: Schema = { type: 'string', pattern: '^(daemon-reload|docker|docker-stopped|restart:.*)$' };
const risk = oneOfAll<Risk>({
  'ssh-path': true,
  'restarts-docker': true,
  'drops-traffic': true,
  'installs-package': true,
});
const change = record({ type: oneOf(...primitives.keys()) }, { settle: list(settle), risks: list(risk) });

const plannedStep = record(
  { index, name: text, kind: text, changes: list(change), unknowns: texts },
  { asks: list(guard), secret: yes, prune: yes },
);

const ssh = record(
  {},
  {
    user: text,
    port: integer,
    identityFiles: texts,
    knownHosts: texts,
    proxyJump: text,
    connectTimeout: number,
    keepalive: number,
  },
);

const part = either(text, nothing, record({ text }), record({ hidden: text }));
const owner = either(
  record({ by: { const: 'run' }, run: text, at: text, user: text }, { playbook: text, set: part, ran: flag }),
  record({ by: oneOf('mark', 'nobody') }),
);

const host = record(
  {
    name: text,
    address: text,
    underlayAddress: text,
    groups: texts,
    ssh,
    become: flag,
    fingerprint: text,
    overlays: list(overlay),
    steps: list(step),
    plan: list(plannedStep),
  } satisfies Partial<Record<keyof SavedHost, Schema>>,
  {
    unresolved: texts,
    masked: yes,
    runningContainers: integer,
    leftOver: list(
      record(
        { part: text, detail: text, owner, certain: flag },
        { removal: record({ kind: text, params: object }), stays: text },
      ),
    ),
    given: list(record({ link: text, address: text })),
  },
);

const scalar: Schema = { type: ['string', 'number', 'boolean'] };
const view = record({
  action: oneOfAll<ChangeView['action']>({ create: true, update: true, delete: true, run: true }),
  noun: text,
  target: text,
  fields: list(record({ field: text }, { before: scalar, after: scalar, text: flag })),
});

/** Where what was read for a plan isn't as one is, and what is wanted there. */
export function unlikePlan(plan: SavedPlan): string | undefined {
  const inHead = unlike(head, plan.head);
  if (inHead !== undefined) return inHead;
  for (const [i, one] of plan.hosts.entries()) {
    const wrong = unlike(host, one) ?? unfitChange(one);
    if (wrong !== undefined) return `/hosts/${i}${wrong}`;
  }
  return undefined;
}

/**
 * The first change that can't be shown. A change is its primitive's own, and an apply plans it again: of a saved one
 * all that is wanted is what a reviewer is shown of it, its view and its programs. So that is what is tried.
 */
function unfitChange({ plan }: SavedHost): string | undefined {
  for (const [i, { changes }] of plan.entries()) {
    for (const [k, one] of changes.entries()) {
      const at = `/plan/${i}/changes/${k}`;
      try {
        const primitive = primitives.get(one.type);
        const wrong = unlike(view, primitive?.view(one));
        if (wrong !== undefined) return `${at} can't be shown: its view's ${wrong}`;
        primitive?.withoutSecrets?.(one);
        primitive?.save?.(one);
        primitive?.apply(one);
        primitive?.undo(one);
      } catch (error) {
        return `${at} is no change of type ${one.type}: ${(error as Error).message}`;
      }
    }
  }
  return undefined;
}
