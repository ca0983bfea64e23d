import type { Code } from '../../diagnostics/codes/registry.ts';
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { tidy } from '../../json/records.ts';
import { allowance } from '../../source/allowance.ts';
import type { Locate } from '../../source/locate.ts';
import { loseKey, loseNames } from '../schema/draft.ts';
import { hostNameProblem } from '../schema/formats.ts';
import { asMapping, type Mapping, type Mention, type Path, type RawHost } from '../schema/raw-inventory.ts';
import { usableParts, validateSchema } from '../schema/schema.ts';
import { expandHostRange } from './host-range.ts';
import { hostSchema } from './inventory-schema.ts';
import { anchored } from './settings.ts';

/** Collects every mention of a host. */
export class HostReader {
  /** By host, both in the order of the files. */
  readonly mentions = new Map<string, [Mention, ...Mention[]]>();
  readonly diagnostics: Diagnostic[] = [];
  private named = 0;
  private tooMany = false;
  private readonly locate: Locate;
  private readonly lost: Set<string>;

  /** `lost` collects the names that are refused, and those of hosts whose addresses are. */
  constructor(locate: Locate, lost: Set<string>) {
    this.locate = locate;
    this.lost = lost;
  }

  read(hosts: Mapping, path: Path, group?: string): void {
    for (const [key, body] of Object.entries(hosts)) this.readHost(key, body, [...path, key], group);
  }

  private readHost(key: string, body: unknown, path: Path, group: string | undefined): void {
    // Nothing more is read: it would only take time.
    if (this.tooMany) return;
    const problems = validateSchema(hostSchema, body, this.locate, path);
    this.diagnostics.push(...problems);
    const names = expandHostRange(key);
    if (names.error !== undefined) {
      this.refuseHost(key, body, path, names.error);
      return;
    }
    this.named += names.value.length;
    // Groups may name the same hosts again, but not endlessly.
    const added = names.value.filter((name) => !this.mentions.has(name)).length;
    if (this.mentions.size + added > allowance.hosts || this.named > 16 * allowance.hosts) {
      this.refuseMany(path);
      return;
    }
    const problem = hostNameProblem(names.value.at(-1) ?? '');
    if (problem !== undefined) {
      this.refuseHost(key, body, path, problem, nameHint(key));
      return;
    }
    let data: RawHost = problems.length === 0 ? ((body ?? {}) as RawHost) : this.soundHost(body, names.value);
    data = anchored(data, this.locate(path).source.path);
    if (names.value.length > 1) data = this.withoutAddresses(data, path, names.value);
    for (const name of names.value) {
      const mention: Mention = tidy({ path, data, group });
      const others = this.mentions.get(name);
      if (others === undefined) this.mentions.set(name, [mention]);
      else others.push(mention);
    }
  }

  private refuseMany(path: Path): void {
    // Reported once.
    if (!this.tooMany)
      this.error('too-many-hosts', `the inventory names more than ${allowance.hosts} hosts`, path);
    this.tooMany = true;
    this.lost.add('all');
  }

  private soundHost(body: unknown, names: readonly string[]): RawHost {
    const { usable, refused } = usableParts(hostSchema, body, this.lost);
    const unsure = refused.some((key) =>
      Object.hasOwn(hostSchema.properties, key)
        ? /address$/.test(key)
        : // It may be a misspelt address.
          usable.address === undefined || nearest(key, ['underlay_address']) !== undefined,
    );
    if (unsure || asMapping(body) !== body) for (const name of names) this.lost.add(name);
    return usable;
  }

  private refuseHost(key: string, body: unknown, path: Path, problem: string, hint?: string): void {
    this.error('invalid-name', problem, path, hint);
    this.lost.add('all');
    loseKey(key, this.lost);
    // Its variables belong to nobody else, but may be used.
    loseNames(asMapping(body), this.lost);
  }

  private withoutAddresses(data: RawHost, path: Path, names: readonly string[]): RawHost {
    for (const key of ['address', 'underlay_address'] as const) {
      if (data[key] === undefined) continue;
      for (const name of names) this.lost.add(name);
      const message = `${names.length} hosts can't share one ${key}`;
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

  private error(code: Code, message: string, path: Path, hint?: string): void {
    this.diagnostics.push(error(code, message, this.locate(path, 'key'), hint));
  }
}

function nameHint(key: string): string | undefined {
  if (/^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(key))
    return "give the host a name, and write its address under 'address'";
  if (/[@:]/.test(key)) return "user and port go under 'ssh: { user: …, port: … }'";
  return undefined;
}
