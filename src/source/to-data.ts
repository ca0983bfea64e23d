import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { mostTold, told } from '../diagnostics/bounded.ts';
import type { Code } from '../diagnostics/codes/registry.ts';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.ts';
import { describePlace } from '../diagnostics/position.ts';
import { tidy } from '../json/records.ts';
import { type LintFinding, lintPlainScalar } from './lint.ts';
import { isSecret, secretOf } from './secret-tags.ts';

export interface NodeData {
  readonly data: unknown;
  /** The value of each alias. */
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly diagnostics: readonly Diagnostic[];
}

/** How many values aliases may add to a document. Nested aliases grow exponentially; reasonable ones don't. */
const maxAliased = 100_000;

/**
 * Plain data from a document's nodes, in one pass: like the library's `toJS`, but every finding has a place, and
 * duplicate keys cost linear time.
 *
 * Refused: keys that aren't strings, tags, and the merge key `<<` (YAML 1.1; it would hide where a value comes from,
 * and variables of groups serve the purpose). Anchors and aliases are plain YAML 1.2 and allowed.
 */
export function toData(root: Node | null, source: SourceFile): NodeData {
  const reader = new Reader(source);
  const data = reader.read(root);
  return { data, aliases: reader.aliases, diagnostics: reader.told() };
}

interface Anchor {
  readonly node: Node;
  /** Undefined while the anchor's own content is being read. */
  data?: unknown;
  size?: number;
}

class Reader {
  readonly aliases = new Map<Alias, Node>();
  private readonly found = { error: [] as Diagnostic[], warning: [] as Diagnostic[] };
  private readonly count = { error: 0, warning: 0 };
  private readonly source: SourceFile;
  private readonly anchors = new Map<string, Anchor>();
  private size = 0;
  private aliased = 0;

  constructor(source: SourceFile) {
    this.source = source;
  }

  read(node: unknown): unknown {
    this.size++;
    if (isAlias(node)) return this.readAlias(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (!isSecret(node)) this.refuseTag(node);
    if (node.anchor === undefined) return this.readContent(node);
    const anchor: Anchor = { node };
    this.anchors.set(node.anchor, anchor);
    const before = this.size;
    anchor.data = this.readContent(node);
    anchor.size = this.size - before + 1;
    return anchor.data;
  }

  private readContent(node: Node): unknown {
    if (isMap(node)) return this.readMap(node);
    if (isSeq(node)) return node.items.map((item) => this.read(item));
    return this.readScalar(node as Scalar);
  }

  private readScalar(node: Scalar): unknown {
    if (isSecret(node)) return secretOf(node, this.rangeOf(node));
    if (node.type === 'PLAIN') {
      const finding = lintPlainScalar(node.source ?? '', node.value);
      if (finding !== undefined) this.report({ severity: 'warning', ...this.shown(finding) }, node);
    }
    return node.value;
  }

  /** Messages about a secret file don't repeat its values. */
  private shown(finding: LintFinding): LintFinding {
    if (!this.source.secret) return finding;
    const message = "this value isn't read as it is written";
    return { code: finding.code, message, hint: 'put it in quotes' };
  }

  private readMap(map: YAMLMap): Record<string, unknown> {
    const data: Record<string, unknown> = {};
    const keys = new Map<string, Node>();
    for (const pair of map.items) {
      const key = this.readKey(pair);
      const value = this.read(pair.value);
      if (key === undefined) continue;
      const first = keys.get(key.name);
      if (first === undefined) {
        keys.set(key.name, key.node);
        data[key.name] = value;
      } else {
        const place = describePlace(this.rangeOf(first));
        this.error(
          'duplicate-key',
          `the key '${key.name}' is here a second time`,
          key.node,
          `the first is at ${place}`,
        );
      }
    }
    return data;
  }

  private readKey(pair: Pair): { name: string; node: Node } | undefined {
    const node = pair.key;
    if (isMap(node) && node.flow) {
      this.error(
        'non-string-key',
        'a mapping is in the place of a key',
        node,
        'a template needs quotes: "{{ … }}"',
      );
      return undefined;
    }
    if (!isScalar(node)) {
      this.error('non-string-key', 'a key must be a string', isAnyNode(node) ? node : undefined);
      return undefined;
    }
    this.refuseTag(node);
    if (typeof node.value !== 'string') {
      const said = node.source ?? String(node.value);
      this.error(
        'non-string-key',
        `a key must be a string, and ${said || 'an empty key'} is not one`,
        node,
        `write '${said}' in quotes`,
      );
      return undefined;
    }
    if (node.value === '<<' && node.type === 'PLAIN') {
      this.error(
        'yaml-merge-key',
        'merge keys (<<) are not supported',
        node,
        'put what is shared into the vars of a group',
      );
      return undefined;
    }
    // Assigning it would set the object's prototype.
    if (node.value === '__proto__') {
      this.error('invalid-key', "the key '__proto__' is not allowed", node);
      return undefined;
    }
    return { name: node.value, node };
  }

  private readAlias(node: Alias): unknown {
    const anchor = this.anchors.get(node.source);
    if (anchor === undefined) {
      this.error('yaml-alias', `there is no anchor &${node.source} before this alias`, node);
      return null;
    }
    if (anchor.size === undefined) {
      this.error('yaml-alias', `the alias *${node.source} is inside its own anchor`, node);
      return null;
    }
    const within = this.aliased <= maxAliased;
    this.size += anchor.size;
    this.aliased += anchor.size;
    if (this.aliased > maxAliased) {
      if (within)
        this.error(
          'yaml-alias',
          `aliases add more than ${maxAliased.toLocaleString('en')} values to this file`,
          node,
        );
      return null;
    }
    this.aliases.set(node, anchor.node);
    return anchor.data;
  }

  private refuseTag(node: Node & { tag?: string }): void {
    // `!` alone means "not resolved further", and the core schema's own tags only state what a value already is.
    if (
      node.tag === undefined ||
      node.tag === '!' ||
      /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)
    )
      return;
    this.error('yaml-tag', `the tag ${node.tag} is not supported`, node);
  }

  private error(code: Code, message: string, node?: Node, hint?: string): void {
    this.report(tidy({ severity: 'error', code, message, hint }), node);
  }

  private report(finding: Omit<Diagnostic, 'range'>, node: Node | undefined): void {
    this.count[finding.severity]++;
    const found = this.found[finding.severity];
    if (found.length < mostTold) found.push({ ...finding, range: this.rangeOf(node) });
  }

  /** The errors and warnings; only the first of very many. */
  told(): Diagnostic[] {
    const { error, warning } = this.found;
    return [...told(error, (one) => one, this.count.error), ...warning];
  }

  private rangeOf(node: Node | undefined) {
    const [start, end] = node?.range ?? [0, 0];
    return { source: this.source, start, end };
  }
}

function isAnyNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isAlias(value) || isScalar(value);
}
