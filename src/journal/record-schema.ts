import {
  either,
  integer,
  list,
  mapping,
  nothing,
  oneOfAll,
  record,
  recordOf,
  type Schema,
  text,
} from '../facts/schema.ts';
import type { RecordedChange, RecordedStage } from '../plan/recorded-stage.ts';
import type { HostResult } from '../run/events.ts';
import type { StageIndex, StageItem } from '../run/stage-item.ts';
import { placeSchema, troubleSchema } from '../run/trouble-schema.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { Forgotten, HostRecord, RunRecord } from './record.ts';

const texts = list(text);
const yes: Schema = { const: true };

const stage = recordOf<StageIndex>({
  name: oneOfAll<StageIndex['name']>({ packages: true, main: true }),
  items: mapping(
    recordOf<StageItem>(
      { summary: text },
      {
        step: integer,
        place: placeSchema,
        after: list(placeSchema),
        brings: record({ summary: text }),
        stays: yes,
        takes: yes,
        secret: yes,
      },
    ),
  ),
});

const result = recordOf<HostResult>(
  {
    outcome: oneOfAll<HostResult['outcome']>({
      unchanged: true,
      changed: true,
      armed: true,
      undone: true,
      'not-started': true,
      kept: true,
      unreachable: true,
      'in-doubt': true,
    }),
    changes: integer,
  },
  {
    notRun: texts,
    armedUntil: text,
    trouble: troubleSchema,
    stays: texts,
    notices: texts,
    left: texts,
  },
);

const target = recordOf<HostTarget>({
  name: text,
  address: text,
  ssh: record(
    {},
    {
      user: text,
      port: integer,
      identityFiles: texts,
      knownHosts: texts,
      proxyJump: text,
      connectTimeout: { type: 'number' },
      keepalive: { type: 'number' },
    },
  ),
  become: { type: 'boolean' },
});

const host = recordOf<HostRecord>(
  { target, stages: list(stage) },
  {
    decision: { const: 'undo' },
    result,
    machine: text,
    forgotten: recordOf<Forgotten>({ user: text, controller: text, at: text }),
  },
);

/** The schema of `run.json`. */
export const runSchema: Schema = recordOf<RunRecord>(
  {
    formatVersion: { enum: [1, 2] },
    id: text,
    verb: oneOfAll<RunRecord['verb']>({ apply: true, undo: true }),
    user: text,
    controller: text,
    startedAt: text,
    playName: text,
    steps: texts,
    hosts: mapping(host),
  },
  {
    undoes: text,
    decision: oneOfAll<NonNullable<RunRecord['decision']>>({ confirm: true, undo: true }),
    finishedAt: text,
    exitCode: integer,
    inventory: text,
    moreInventories: texts,
    playbook: text,
  },
);

const parts = mapping(either(text, nothing, record({ text }), record({ hidden: text })));

/** The schema of `changes.json`: only the type of each change, since older versions may have made other changes. */
export const recordedSchema: Schema = mapping(
  recordOf<RecordedStage>({
    changes: mapping(
      recordOf<RecordedChange>({ change: record({ type: text }) }, { before: parts, after: parts }),
    ),
    settles: mapping(texts),
  }),
);
