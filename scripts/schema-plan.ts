import {
  byName,
  count,
  diagnostic,
  listOf,
  object,
  origin,
  type Schema,
  text,
  trouble,
} from './schema-parts.ts';

const value: Schema = { type: ['string', 'number', 'boolean'] };

const change = object({
  action: { enum: ['create', 'update', 'delete', 'run'] },
  noun: text('the sort of object'),
  target: text('its name'),
  fields: listOf(
    object({ field: { type: 'string' }, before: value, after: value, text: { const: true } }, [
      'before',
      'after',
      'text',
    ]),
    'what differs; no before: it was not there; no after: it will not be',
  ),
  risks: listOf(
    { enum: ['ssh-path', 'restarts-docker', 'drops-traffic', 'installs-package'] },
    'those of settle actions are among them',
  ),
  settle: listOf(
    { type: 'string', pattern: '^(daemon-reload|docker|docker-stopped|restart:.+)$' },
    'what runs once after changes like this one',
  ),
});

const step = object(
  {
    index: count('its place in the playbook, from 0'),
    name: { type: 'string' },
    kind: { type: 'string' },
    prune: { const: true, description: 'it stands in no file: it takes away what is left over' },
    answer: { enum: ['change', 'no_change', 'unknown'] },
    changes: listOf(change, 'in order'),
    unknowns: listOf({ type: 'string' }, 'why the answer is not complete'),
    asks: listOf(
      object({ unless: { type: 'string' }, only_if: { type: 'string' }, chdir: { type: 'string' } }, [
        'unless',
        'only_if',
        'chdir',
      ]),
      'guards that run on the host to tell whether there is anything to do',
    ),
  },
  ['prune'],
);

const leftOver = object(
  {
    part: text('by its name in records of runs'),
    detail: text('what it is'),
    run: text('the run that set it last'),
    stays: text('why it stays, whatever is asked for'),
  },
  ['stays'],
);

const peer = object(
  {
    host: { type: 'string' },
    answer: { enum: ['change', 'impossible', 'unknown'] },
    tunnels: listOf(
      object({
        step: object({ index: count('its place in the playbook, from 0'), name: { type: 'string' } }),
        to: listOf({ type: 'string' }, 'chosen hosts'),
      }),
      'whose ends would have to change',
    ),
    reasons: listOf({ type: 'string' }, 'why it is unknown or impossible'),
    unreachable: { const: true },
  },
  ['unreachable'],
);

const summary = object({
  hosts: count('hosts that were planned for'),
  unchanged: count('hosts among them that certainly need nothing'),
  changes: count('all changes on all hosts'),
  create: count('changes by action'),
  update: count('changes by action'),
  delete: count('changes by action'),
  run: count('changes by action'),
  unknown: count('answers that cannot be given, one a host, step and reason'),
  unreachable: count('hosts that could not be asked'),
  steps: object({
    change: count('steps on hosts'),
    no_change: count('steps on hosts'),
    unknown: count('steps on hosts'),
  }),
});

/** The output of `plan --format json` and `show --format json`; docs/reference/plan-json.md has more. */
export function planJsonSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A plan of meshbook',
    ...object(
      {
        format_version: { const: 1 },
        playbook: text("the playbook's name"),
        playbook_path: text('as it was given'),
        inventory_path: text('as it was given'),
        more_inventory_paths: listOf(
          { type: 'string' },
          'of an inventory of several files: those given after the first',
        ),
        origin,
        made_at: text('of a saved plan: ISO 8601, UTC'),
        on_failure: { enum: ['undo_all', 'undo_host', 'keep'] },
        checks: listOf(
          object({
            index: { type: 'integer' },
            name: { type: 'string' },
            kind: { type: 'string' },
            between: {
              anyOf: [{ enum: ['all_pairs', 'neighbours', 'none'] }, object({ sample: { type: 'integer' } })],
            },
            timeout: { type: 'number', description: 'seconds of an attempt' },
            retry: { type: 'number', description: 'seconds for which a failed attempt is made again' },
            hosts: {
              type: 'object',
              additionalProperties: { type: ['object', 'null'] },
              description: 'the params by host; null where they have to do with secrets',
            },
          }),
          'made before a run is confirmed',
        ),
        new_leases: listOf({ type: 'string' }, 'what an apply would write to the leases file'),
        former_hosts: listOf(
          object({
            host: { type: 'string' },
            run: text('the newest that stands there'),
            runs: count('how many stand there'),
          }),
          'hosts that the playbook does not have any more',
        ),
        unreachable: byName(trouble, 'by host'),
        warnings: listOf(diagnostic, 'what is said besides, and keeps nobody from applying it'),
        peers: listOf(peer, 'hosts that were not chosen, and would also change'),
        summary,
        hosts: byName(
          object(
            {
              address: text('what SSH connects to'),
              ssh: {
                ...object(
                  {
                    user: { type: 'string' },
                    port: { type: 'integer' },
                    identity_files: listOf({ type: 'string' }, 'paths of private keys'),
                    known_hosts: listOf({ type: 'string' }, 'paths'),
                    proxy_jump: { type: 'string' },
                    connect_timeout: { type: 'number', description: 'seconds' },
                    keepalive: { type: 'number', description: 'seconds' },
                  },
                  [
                    'user',
                    'port',
                    'identity_files',
                    'known_hosts',
                    'proxy_jump',
                    'connect_timeout',
                    'keepalive',
                  ],
                ),
                description: 'of a saved plan: how an apply reaches it',
              },
              become: { type: 'boolean', description: 'of a saved plan: whether an apply goes through sudo' },
              fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'of a saved plan' },
              left_over: listOf(leftOver, 'what runs of the playbook made there and no step names any more'),
              steps: listOf(step, 'in order; several share an index under for_each'),
            },
            ['ssh', 'become', 'fingerprint'],
          ),
          'by name',
        ),
      },
      ['made_at', 'more_inventory_paths'],
    ),
  };
}
