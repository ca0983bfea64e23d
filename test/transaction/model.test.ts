import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { type Stage, stagesOf } from '../../src/transaction/stage.ts';

type FileChange = Extract<Change, { type: 'file' }>;

const restart: SettleAction = { type: 'unit-restart', unit: 'reader.service' };

function stageOf(changes: readonly Change[]): Stage {
  const steps = changes.map((change, index) => ({
    index,
    name: `step ${index}`,
    kind: 'test',
    changes: [change],
    unknowns: [],
  }));
  const [stage] = stagesOf({ host: 'here', steps });
  return stage ?? expect.fail('no stage');
}

function file(path: string, content: string | null, more: { settle?: readonly SettleAction[] } = {}): Change {
  const after = content === null ? null : { content, mode: '0640', owner: 'root', group: 'root' };
  return { type: 'file', path, before: null, after, ...more };
}

/** The words of a shell variable in the compiled program, by which a host really works. */
function words(program: string, variable: string): string[] {
  const [, quoted = ''] = new RegExp(`^${variable}=(.*)$`, 'm').exec(program) ?? [];
  return quoted.replaceAll("'", '').split(' ').filter(Boolean);
}

/**
 * A model of a host: files, and a daemon that knows the files as it last read them. It follows the orders in the
 * compiled program, can be stopped between any two actions, and leaves the last one half done.
 */
class ModelHost {
  readonly files: Map<string, string>;
  loaded: string;
  readonly #saved: ReadonlyMap<string, string>;
  readonly #journal: string[] = [];
  readonly #stage: Stage;
  readonly #order: readonly string[];
  readonly #undoOrder: readonly string[];

  constructor(files: ReadonlyMap<string, string>, stage: Stage) {
    const program = compileProgram(stage, 'a model');
    this.#order = words(program, 'order');
    this.#undoOrder = words(program, 'undo_order');
    this.#stage = stage;
    this.files = new Map(files);
    this.#saved = new Map(files);
    this.loaded = this.state();
  }

  state(): string {
    return JSON.stringify([...this.files].sort());
  }

  /** Applies `whole` changes completely, and half of the next one. */
  apply(whole: number): void {
    for (const [index, id] of this.#order.entries()) {
      this.#journal.push(id);
      if (index === whole) this.#half(id);
      if (index >= whole) return;
      this.#whole(id, (change) => change.after?.content);
    }
  }

  /** The same backwards, over what was begun. */
  undo(whole: number): void {
    const begun = this.#undoOrder.filter((id) => this.#journal.includes(id));
    for (const [index, id] of begun.entries()) {
      if (index === whole) this.#half(id);
      if (index >= whole) return;
      this.#whole(id, (change) => this.#saved.get(change.path));
    }
  }

  /** The id of a settle action is not a change's; commands do nothing here. */
  #whole(id: string, content: (change: FileChange) => string | undefined): void {
    if (id.startsWith('s')) this.loaded = this.state();
    const change = this.#file(id);
    if (change === undefined) return;
    const text = content(change);
    if (text === undefined) this.files.delete(change.path);
    else this.files.set(change.path, text);
  }

  #half(id: string): void {
    if (id.startsWith('s')) this.loaded = 'half';
    const change = this.#file(id);
    if (change !== undefined) this.files.set(change.path, 'half');
  }

  #file(id: string): FileChange | undefined {
    const found = this.#stage.changes.find((numbered) => numbered.id === id)?.change;
    return found?.type === 'file' ? found : undefined;
  }
}

const path = fc.constantFrom('/a', '/b', '/c');
const content = fc.constantFrom('one', 'two', 'three');
const someChanges = fc.array(
  fc.record({ path, content: fc.option(content), settle: fc.boolean(), unit: fc.boolean() }),
  { minLength: 1, maxLength: 8 },
);

/** Commands make settle actions run early, so that there are several of one type. */
function changesOf(
  drawn: readonly { path: string; content: string | null; settle: boolean; unit: boolean }[],
) {
  return drawn.flatMap((one): Change[] => [
    file(one.path, one.content, one.settle ? { settle: [restart] } : {}),
    ...(one.unit ? [{ type: 'run', command: 'true', timeout: 1, always: true } as const] : []),
  ]);
}

describe('a model host', () => {
  it('is restored, wherever apply ended and however often undo was interrupted', () => {
    fc.assert(
      fc.property(
        fc.dictionary(path, content),
        someChanges,
        fc.nat(30),
        fc.array(fc.nat(12), { maxLength: 4 }),
        (old, drawn, applied, cuts) => {
          const host = new ModelHost(new Map(Object.entries(old)), stageOf(changesOf(drawn)));
          const [state, loaded] = [host.state(), host.loaded];
          host.apply(applied);
          for (const cut of cuts) host.undo(cut);
          host.undo(Number.POSITIVE_INFINITY);
          expect(host.state()).toBe(state);
          expect(host.loaded).toBe(loaded);
        },
      ),
      { numRuns: 500 },
    );
  });
});

// The same for real, with this machine's sh. Processes are killed at random moments.
describe('a host of files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshbook-model-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function listing(): Record<string, string> {
    const root = join(folder, 'root');
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
    return Object.fromEntries(
      names.map((name) => {
        const stat = lstatSync(join(root, name));
        const text = stat.isFile() ? readFileSync(join(root, name), 'utf8') : '';
        return [name, `${stat.mode.toString(8)} ${text}`];
      }),
    );
  }

  /** Runs a verb of the program, and kills all of it after this many milliseconds. */
  async function killed(program: string, verb: string, ms: number): Promise<void> {
    const child = spawn('sh', [program, verb], { detached: true, stdio: 'ignore' });
    const end = new Promise((resolve) => child.on('close', resolve));
    await Promise.race([end, sleep(ms)]);
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // It had already ended.
    }
    await end;
  }

  const change = fc.record({
    path: fc.constantFrom('old', 'older', 'new', 'deep/er/new'),
    content: fc.option(content),
    fails: fc.boolean(),
  });

  it('is restored', { timeout: 120_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.nat(120),
        fc.array(fc.nat(60), { maxLength: 2 }),
        async (drawn, applyMs, undoMs) => {
          run += 1;
          rmSync(join(folder, 'root'), { recursive: true, force: true });
          mkdirSync(join(folder, 'root'));
          for (const name of ['old', 'older']) writeFileSync(join(folder, 'root', name), name);
          chmodSync(join(folder, 'root', 'older'), 0o604);
          const before = listing();

          const stage = stageOf(
            drawn.flatMap((one): Change[] => [
              file(join(folder, 'root', one.path), one.content),
              ...(one.fails ? [{ type: 'run', command: 'exit 3', timeout: 5, always: true } as const] : []),
            ]),
          );
          const home = join(folder, `run${run}`, 'main');
          for (const id of stage.order) mkdirSync(join(home, 'before', id), { recursive: true });
          const program = join(home, 'program');
          writeFileSync(program, compileProgram(stage, 'a test'));
          writeFileSync(join(home, 'journal'), '');

          execFileSync('sh', [program, 'prepare']);
          await killed(program, 'apply', applyMs);
          for (const ms of undoMs) await killed(program, 'undo', ms);
          execFileSync('sh', [program, 'undo']);
          expect(readFileSync(join(home, 'undo.events'), 'utf8')).toMatch(/end ok\n$/);
          expect(listing()).toEqual(before);
        },
      ),
      { numRuns: 20 },
    );
  });
});
