import { stringify } from 'yaml';

/** Plain data as YAML, as a person would write it in a playbook. Ends in a line break. */
export function toYaml(value: unknown): string {
  return stringify(value, { schema: 'core', lineWidth: 0 });
}
