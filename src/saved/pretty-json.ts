/** Characters. */
const width = 100;

/**
 * JSON for people and for version control: what fits on a line is on one, so that a diff shows little more than the
 * change, and a file of a thousand ports isn't mostly line breaks.
 */
export function prettyJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const flat = JSON.stringify(value).length > width ? undefined : oneLine(value);
  if (flat !== undefined && flat.length + indent.length <= width) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${deeper}${prettyJson(item, deeper)}`).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{\n${entries.map(([key, inner]) => `${deeper}${JSON.stringify(key)}: ${prettyJson(inner, deeper)}`).join(',\n')}\n${indent}}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return '{}';
  return `{ ${entries.map(([key, inner]) => `${JSON.stringify(key)}: ${oneLine(inner)}`).join(', ')} }`;
}
