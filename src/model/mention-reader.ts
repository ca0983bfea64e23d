import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { hostNameProblem } from './formats.ts';
import { expandHostRange } from './host-range.ts';
import { hostSchema } from './inventory-schema.ts';
import type { Mapping, Mention, Path, RawHost } from './raw-inventory.ts';
import { validateSchema, validParts } from './schema.ts';
import type { Locate } from './types.ts';

/** Collects every place where a host stands. */
export class HostReader {
  /** By host, both in the file's order. */
  readonly mentions = new Map<string, [Mention, ...Mention[]]>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly locate: Locate;

  constructor(locate: Locate) {
    this.locate = locate;
  }

  read(hosts: Mapping, path: Path, group?: string): void {
    for (const [key, body] of Object.entries(hosts)) this.readHost(key, body, [...path, key], group);
  }

  private readHost(key: string, body: unknown, path: Path, group: string | undefined): void {
    const problems = validateSchema(hostSchema, body, this.locate, path);
    this.diagnostics.push(...problems);
    let data: RawHost = problems.length === 0 ? ((body ?? {}) as RawHost) : validParts(hostSchema, body);
    const names = expandHostRange(key);
    if (names.error !== undefined) {
      this.error('invalid-name', names.error, path);
      return;
    }
    const problem = hostNameProblem(names.value.at(-1) ?? '');
    if (problem !== undefined) {
      this.error('invalid-name', problem, path, nameHint(key));
      return;
    }
    if (names.value.length > 1) data = this.withoutAddresses(data, path, names.value.length);
    for (const name of names.value) {
      const mention: Mention = { path, data, ...(group === undefined ? {} : { group }) };
      const others = this.mentions.get(name);
      if (others === undefined) this.mentions.set(name, [mention]);
      else others.push(mention);
    }
  }

  private withoutAddresses(data: RawHost, path: Path, count: number): RawHost {
    for (const key of ['address', 'underlay_address'] as const) {
      if (data[key] === undefined) continue;
      const message = `${count} hosts can't share one ${key}`;
      this.error(
        'duplicate-address',
        message,
        [...path, key],
        'write these hosts one by one, or let their names resolve',
      );
    }
    const { address: _, underlay_address: __, ...rest } = data;
    return rest;
  }

  private error(code: string, message: string, path: Path, hint?: string): void {
    const range = this.locate(path, 'key');
    this.diagnostics.push({
      severity: 'error',
      code,
      message,
      range,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function nameHint(key: string): string | undefined {
  if (/^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(key))
    return "give the host a name, and write its address under 'address'";
  if (/[@:]/.test(key)) return "user and port go under 'ssh: { user: …, port: … }'";
  return undefined;
}
