import { allowance } from '../../source/allowance.ts';
import { durationSchema } from '../schema/duration.ts';
import { secretNamesSchema, varsSchema } from '../schema/shared-schema.ts';
import { playbookKeysElsewhere } from '../schema/words-elsewhere.ts';

/** The sets of steps in `--tags` and `--skip-tags`; no step can have these as a tag. */
export const setTags: readonly string[] = ['all', 'tagged', 'untagged'];

const tagWords = {
  minLength: 1,
  pattern: `^(?!\\s*(${setTags.join('|')})\\s*$)`,
  'x-error': `${setTags.join(', ')} are words of --tags that no step can have for a tag`,
} as const;

export const playbookSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['hosts', 'steps'],
  'x-instead': playbookKeysElsewhere,
  properties: {
    name: { type: 'string', minLength: 1, description: "shown in reports; default: the file's name" },
    hosts: { type: 'string', minLength: 1, description: 'the hosts or groups that the steps run on' },
    vars: varsSchema,
    secret: secretNamesSchema,
    // Checked by readOverlays.
    overlays: {},
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: allowance.steps,
      items: { type: 'object' },
      description: 'the steps, in order',
    },
    // Each is checked by readChecks.
    checks: {
      type: 'array',
      maxItems: allowance.steps,
      items: { type: 'object' },
      description: 'the checks on and between hosts that must pass before a run is confirmed',
    },
    on_failure: {
      enum: ['undo_all', 'undo_host', 'keep'],
      description: 'what to undo when a host fails: all hosts, that host, nothing; default: undo_all',
    },
  },
} as const;

/** The keys of a step besides its kind. */
export const stepSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, description: "shown in reports; default: the kind's" },
    hosts: { type: 'string', minLength: 1, description: "a host pattern; narrows the playbook's hosts" },
    when: {
      type: ['string', 'boolean'],
      minLength: 1,
      description: 'an expression without braces, true or false; false skips the step',
    },
    for_each: {
      type: ['array', 'string'],
      pattern: '\\{\\{|\\{%',
      'x-error': 'expected a list, or a template that gives one',
      description: 'runs the step once for each element, which is `item` in its templates',
    },
    tags: {
      type: ['string', 'array'],
      ...tagWords,
      items: { type: 'string', ...tagWords },
      description:
        'names for --tags and --skip-tags, a list or separated by commas; always and never work as in Ansible',
    },
    timeout: { ...durationSchema, description: "how long each of the step's commands may take" },
    vars: varsSchema,
  },
} as const;

/** The keys that no kind may have as its name. */
export const reservedStepKeys: readonly string[] = Object.keys(stepSchema.properties);
