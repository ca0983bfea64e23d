import { env } from 'node:process';
import { isScalar, type Node, type Scalar, type ScalarTag } from 'yaml';
import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { SecretUnavailable, SecretValue } from '../secrets/secret-value.ts';
import { unlock } from '../secrets/vault-keys.ts';
import { readNamed } from './named-file.ts';

type Open = (text: string, range: SourceRange) => string;

/** The source of a secret, by its tag. It isn't read before a template needs it. */
const origins: Readonly<Record<string, Open>> = {
  '!vault': (text, range) => unlock(text, 'the value', range).toString('utf8'),
  '!env': fromEnvironment,
  '!file': fromFile,
};

/** Makes the YAML library keep the tags' texts as they are. */
export const secretTags: ScalarTag[] = Object.keys(origins).map((tag) => ({ tag, resolve: (text) => text }));

/** Whether a node's tag marks it as secret. */
export function isSecret(node: Node): node is Scalar & { tag: string } {
  return isScalar(node) && node.tag !== undefined && Object.hasOwn(origins, node.tag);
}

/** The secret that a tagged scalar stands for. */
export function secretOf({ tag, value }: Scalar & { tag: string }, range: SourceRange): SecretValue {
  const open = origins[tag] as Open;
  return new SecretValue(() => open(String(value), range), { at: range });
}

function fromEnvironment(name: string, range: SourceRange): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new SecretUnavailable(
    'secret-unavailable',
    `the environment has no variable ${name}`,
    undefined,
    range,
  );
}

/** Without the line break at its end, as for a password file. */
function fromFile(path: string, range: SourceRange): string {
  const { value, diagnostics } = readNamed(path, range.source.path);
  if (value !== undefined) return value.text.replace(/\r?\n$/, '');
  const [problem] = diagnostics;
  throw new SecretUnavailable('secret-unavailable', problem?.message ?? '', problem?.hint, range);
}
