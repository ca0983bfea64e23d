import fc from 'fast-check';
import { type Deed, type History, inWords } from './deeds.ts';
import { beginning, deed, type Kind } from './generate.ts';
import { doDeed, type Ground, type Played, play } from './play.ts';
import type { Wish } from './wish.ts';
import { Finding, type World } from './world.ts';

/** What is known about the hosts before a deed: enough to skip what is impossible or has no effect. */
interface Model {
  wish: Wish;
  /** How many runs can be undone. */
  runs: number;
  /** Whether nothing has happened since an apply. */
  fresh: boolean;
  deeds: number;
}

/** The hosts, and what has been done to them. */
interface Real {
  readonly world: World;
  readonly done: Deed[];
}

class Step implements fc.AsyncCommand<Model, Real> {
  readonly deed: Deed;

  constructor(one: Deed) {
    this.deed = one;
  }

  check({ wish, runs, fresh, deeds }: Readonly<Model>): boolean {
    if (deeds >= longest) return false;
    if (this.deed.do === 'undo') return runs > 0;
    if (this.deed.do !== 'apply') return true;
    const { edit = {} } = this.deed;
    return !fresh || JSON.stringify({ ...wish, ...edit }) !== JSON.stringify(wish);
  }

  async run(model: Model, { world, done }: Real): Promise<void> {
    done.push(this.deed);
    await doDeed(world, this.deed);
    model.runs = world.undoable().length;
    model.wish = world.wish;
    model.fresh = this.deed.do === 'apply';
    model.deeds++;
  }

  toString(): string {
    return inWords(this.deed);
  }
}

/** A history that ends with a broken law. */
export interface Found {
  readonly history: History;
  readonly played: Played;
  readonly signature: string;
}

export interface SearchOptions {
  readonly seed: number;
  readonly kind: Kind;
  /** Signatures that are already known: these aren't shrunk again. */
  readonly known: ReadonlySet<string>;
  /** Time limit for shrinking a history, in seconds. */
  readonly patience: number;
  readonly onPlayed?: (history: History, played: Played) => void;
}

/** The length of the longest history, without the first deed, and how many deeds are generated for it. */
const longest = 11;
const supply = 24;

/**
 * Plays the random history of a seed. A history with a finding is shrunk while the finding is the same. Returns the
 * findings, the shortest for each signature.
 */
export async function search(ground: Ground, options: SearchOptions): Promise<Found[]> {
  const { seed, kind, known, patience, onPlayed = () => {} } = options;
  const found = new Map<string, Found>();
  const results = new Map<string, Played>();
  let wanted: string | undefined;
  let end = Number.POSITIVE_INFINITY;
  const step = deed(kind).map((one) => new Step(one));
  const property = fc.asyncProperty(
    fc.commands([step], { maxCommands: supply, size: 'max' }),
    async (commands) => {
      if (Date.now() > end) return;
      const id = [...commands].map(String).join('\n');
      const done: Deed[] = [];
      const before = results.get(id);
      const played = before ?? (await playRandom(ground, kind, commands, done));
      results.set(id, played);
      if (before === undefined) onPlayed(done, played);
      if (played.error === undefined) return;
      const signature = signatureOf(played.error);
      const best = found.get(signature);
      if (before === undefined && (best === undefined || done.length < best.history.length))
        found.set(signature, { history: done, played, signature });
      if (known.has(signature)) return;
      wanted ??= signature;
      if (end === Number.POSITIVE_INFINITY) end = Date.now() + patience * 1000;
      if (signature === wanted) throw played.error;
    },
  );
  await fc.check(property, { seed, numRuns: 1, unbiased: true });
  return [...found.values()];
}

/** Plays generated deeds after the first one of all histories, and records those that were possible. */
function playRandom(
  ground: Ground,
  kind: Kind,
  commands: Iterable<fc.AsyncCommand<Model, Real>>,
  done: Deed[],
): Promise<Played> {
  return play(ground, async (world) => {
    const first = beginning(kind);
    done.push(first);
    await doDeed(world, first);
    const model: Model = { wish: world.wish, runs: world.undoable().length, fresh: true, deeds: 0 };
    await fc.asyncModelRun(() => ({ model, real: { world, done } }), commands);
  });
}

/** What two findings of one fault have in common: no names, no numbers. */
export function signatureOf(error: Error): string {
  if (!(error instanceof Finding)) return `the driver: ${error.message.split('\n')[0]}`;
  const lines = error.message.split('\n').map((line) =>
    line
      .replace(/(docker|node)\d/g, 'HOST')
      .replace(/\d{8}-\d{6}-[0-9a-f]{6}(, \d{8}-\d{6}-[0-9a-f]{6})*/g, 'RUNS')
      .replace(/\d+/g, 'N')
      .trim(),
  );
  // What failed, otherwise the first line with a code.
  const telling =
    lines.find((line) => line.includes('FAILED: ')) ??
    lines.find((line) =>
      /(^|\s)error\b|\((state|expired|command-failed|check-failed|internal)\)$/.test(line),
    ) ??
    lines[0] ??
    '';
  return `${error.law}: ${telling.slice(0, 160)}`;
}
