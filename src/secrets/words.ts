import { secrets } from './masker.ts';

/** Texts for people in events, records and reports; everything else in these is meshbook's own names and words. */
const told = new Set([
  ...['name', 'summary', 'message', 'hint', 'reason', 'unknown', 'unknowns', 'playName', 'steps'],
  ...['part', 'before', 'after', 'now', 'wanted', 'found', 'set'],
]);

/**
 * An event, a record or a report with secrets masked in its texts for people. A host's output (`output`) is only its
 * end, and may begin within a secret.
 */
export function withoutSecretWords<T>(value: T): T {
  return secrets.knowsAny ? (open(value) as T) : value;
}

function open(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(open);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, open(inner)]));
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key === 'output' && typeof inner === 'string') return [key, secrets.cut(inner)];
    const isTold = told.has(key) && !(Array.isArray(inner) && inner.some((item) => typeof item === 'object'));
    return [key, isTold ? secrets.value(inner) : open(inner)];
  });
  return Object.fromEntries(entries);
}
