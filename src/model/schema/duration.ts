const seconds = { s: 1, m: 60, h: 3600 } as const;

const text = "a number of seconds, or a text such as '30s', '5m' or '1h'";
const common = { type: ['number', 'string'], pattern: '^(?=.*[1-9])[0-9]+(\\.[0-9]+)?[smh]$' } as const;

/** For schemas: a time above zero. */
export const durationSchema = {
  ...common,
  exclusiveMinimum: 0,
  'x-error': `expected a time above zero: ${text}`,
};

/** For schemas: a time, where 0 turns something off. */
export const durationOrOffSchema = { ...common, minimum: 0, 'x-error': `expected 0 or a time: ${text}` };

/** The seconds of a duration that its schema has accepted. */
export function durationSeconds(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  return Number(duration.slice(0, -1)) * seconds[duration.slice(-1) as keyof typeof seconds];
}
