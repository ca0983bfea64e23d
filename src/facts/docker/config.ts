type Scalar = string | number | boolean;

/** Docker's configuration file, parsed; or what is wrong with it, as a sentence without a full stop. */
export type DockerConfig =
  | { readonly values: Readonly<Record<string, unknown>>; readonly error?: undefined }
  | { readonly error: string; readonly values?: undefined };

/** Parses daemon.json. An empty file counts as one without keys, as in Docker. */
export function parseDockerConfig(text: string): DockerConfig {
  if (text.trim() === '') return { values: {} };
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { values: values as Record<string, unknown> };
    }
    return { error: 'it is not a JSON object' };
  } catch (error) {
    const [, at] = /at position (\d+)/.exec((error as Error).message) ?? [];
    const line = text.slice(0, Number(at ?? 0)).split('\n').length;
    return { error: `it is not JSON${at === undefined ? '' : `: see line ${line}`}` };
  }
}

/**
 * The same text with other values for existing keys of its outermost object; everything else is unchanged, including
 * spacing. `parseDockerConfig` must accept the text.
 */
export function withConfigValues(text: string, values: Readonly<Record<string, Scalar>>): string {
  const at = places(text).filter(({ key }) => Object.hasOwn(values, key));
  return at.reduceRight(
    (now, { key, from, to }) => now.slice(0, from) + JSON.stringify(values[key]) + now.slice(to),
    text,
  );
}

// A string, a bracket, a separator, or another value; spaces are skipped.
const tokens = /"(?:\\.|[^"\\])*"|[{}[\]:,]|[^\s{}[\]:,"]+/g;

/**
 * Keys that occur more than once in one object, at any depth: Docker silently uses the last. Each once, in order.
 * `parseDockerConfig` must accept the text.
 */
export function duplicateKeys(text: string): string[] {
  const words = text.match(tokens) ?? [];
  const open: Set<string>[] = [];
  const twice = new Set<string>();
  words.forEach((word, i) => {
    if (word === '{' || word === '[') open.push(new Set());
    else if (word === '}' || word === ']') open.pop();
    // A string before a colon is a key.
    else if (words[i + 1] === ':') {
      const key = JSON.parse(word) as string;
      if (open.at(-1)?.has(key)) twice.add(key);
      open.at(-1)?.add(key);
    }
  });
  return [...twice];
}

/** Where the values of the outermost object's keys are. */
function places(text: string): { key: string; from: number; to: number }[] {
  const token = new RegExp(tokens);
  const found: { key: string; from: number; to: number }[] = [];
  let depth = 0;
  let key: string | undefined;
  let from = -1;
  let to = -1;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    const outside = depth === 1 && (word === ',' || word === '}');
    if (outside && key !== undefined) {
      found.push({ key, from, to });
      key = undefined;
      from = -1;
    } else if (depth === 1 && key === undefined && word.startsWith('"')) key = JSON.parse(word) as string;
    else if (depth >= 1 && key !== undefined && !(depth === 1 && word === ':')) {
      if (from < 0) from = match.index;
      to = token.lastIndex;
    }
    if (word === '{' || word === '[') depth++;
    if (word === '}' || word === ']') depth--;
  }
  return found;
}
