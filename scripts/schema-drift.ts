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

const value: Schema = {
  anyOf: [
    { type: ['string', 'null'] },
    object({ text: { type: 'string' } }),
    object({ hidden: { const: '(secret)' } }),
  ],
};

const owner = object(
  {
    by: { enum: ['run', 'mark', 'nobody'] },
    run: { type: 'string' },
    at: { type: 'string', description: 'ISO 8601, UTC' },
    user: { type: 'string' },
    playbook: text('of the run, absolute'),
    set: value,
    changed_since: { type: 'boolean' },
  },
  ['run', 'at', 'user', 'playbook', 'set', 'changed_since'],
);

const step = object({
  index: count('its place in the playbook, from 0'),
  name: { type: 'string' },
  kind: { type: 'string' },
});

const part = text('its name, the same in every run');

const host = object({
  differences: listOf(
    object({ step, part, wanted: value, found: value, owner }, ['wanted', 'found']),
    'what an apply would change; no wanted or found: it cannot be known',
  ),
  left_over: listOf(
    object(
      {
        part,
        detail: { type: 'string' },
        certain: { type: 'boolean' },
        stays: text('why it stays, also with --prune'),
        owner,
      },
      ['stays'],
    ),
    'what runs of the playbook made, or what bears the mark of meshbook, and no step names',
  ),
  foreign: listOf(
    object({ part, detail: { type: 'string' } }),
    'ports of others in bridges that a step makes',
  ),
  unknowns: listOf(object({ step, reason: { type: 'string' } }), 'what cannot be known'),
  unrecorded_runs: listOf(
    object({
      run: { type: 'string' },
      holder: text('who runs it, and on which controller'),
      since: { type: 'string', description: 'ISO 8601, UTC' },
      pending: { type: 'boolean', description: 'not decided yet whether it stays' },
    }),
    'runs that the host keeps and this controller has no record of',
  ),
});

/** The output of `drift --json`; docs/reference/drift-json.md has more. */
export function driftJsonSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Drift, as meshbook prints it',
    ...object({
      format_version: { const: 1 },
      playbook: text("the playbook's name"),
      origin,
      drift: { type: 'boolean' },
      hosts: byName(host, 'by name'),
      problems: listOf(diagnostic, 'errors keep the playbook from being applied to hosts as they are'),
      unreachable: byName(trouble, 'by host'),
      summary: object({
        hosts: count('hosts that were compared'),
        drifted: count('hosts among them that certainly differ'),
        differences: count('on all hosts'),
        left_over: count('certain ones'),
        unknown: count('answers that cannot be given'),
        unreachable: count('hosts that could not be asked'),
      }),
    }),
  };
}
