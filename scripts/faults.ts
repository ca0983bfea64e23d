import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labDown, labUp } from '../src/lab/lab.ts';
import { cases } from '../test/lab/faults/cases.ts';
import { Fleet } from '../test/lab/faults/fleet.ts';
import { labMachines, type Machines } from '../test/lab/faults/machines.ts';
import { type CaseResult, type FaultCase, runCase } from '../test/lab/faults/run-case.ts';
import { vmCases } from '../test/lab/vm/cases.ts';
import { VirtualLab } from '../test/lab/vm/lab.ts';

// Breaks a run in every way of the fault matrix, on three hosts of a lab of its own, prints the results, and writes
// the table into docs/reliability.md. With `--vm` on two virtual machines with their own kernels, with the faults that
// need those. Further arguments are regular expressions that select cases by name; the document is not written then.
// Exits with 1 if any host was not as it must be.
const document = new URL('../docs/reliability.md', import.meta.url).pathname;
const vm = process.argv[2] === '--vm';
const words = process.argv.slice(vm ? 3 : 2);
const chosen = (vm ? vmCases : cases).filter(({ fault, point }) =>
  words.every((word) => new RegExp(word, 'i').test(`${fault.name}, ${point.name}`)),
);

interface Row extends CaseResult {
  readonly fault: FaultCase;
}

/** Where cases run, one after the other. */
interface Ground {
  /** Hosts that nobody has changed yet. */
  fresh(): Promise<Machines>;
  leave(): Promise<void>;
}

function labGround(stateDir: string): Ground {
  return {
    fresh: async () => {
      await labDown(stateDir);
      return labMachines(await labUp({ stateDir, hosts: 3, install: true }));
    },
    leave: async () => {
      await labDown(stateDir);
    },
  };
}

function vmGround(stateDir: string): Ground {
  let lab: VirtualLab | undefined;
  return {
    fresh: async () => {
      if (lab === undefined) lab = await VirtualLab.make(stateDir, 2, console.log);
      await lab.boot();
      return lab.machines;
    },
    leave: async () => lab?.down(),
  };
}

/** Takes cases from the queue, one after the other, on a lab of its own. */
async function work(queue: FaultCase[], rows: Row[]): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), 'meshbook-faults-lab-'));
  const ground = vm ? vmGround(stateDir) : labGround(stateDir);
  let fleet: Fleet | undefined;
  try {
    for (let fault = queue.shift(); fault !== undefined; fault = queue.shift()) {
      if (fleet === undefined) {
        fleet = new Fleet(await ground.fresh());
        await fleet.makeReady();
      }
      const result = await runCase(fleet, fault).catch(
        (error: Error): CaseResult => ({ outcomes: [], seconds: 0, wrong: [String(error.stack)] }),
      );
      const row = { fault, ...result };
      rows.push(row);
      console.log([cells(row).join(' · '), ...result.wrong.map((line) => `    ${line}`)].join('\n'));
      // The next case must not see what went wrong.
      if (result.wrong.length > 0) {
        fleet.forget();
        fleet = undefined;
      }
    }
  } finally {
    fleet?.forget();
    await ground.leave();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

function cells({ fault: { fault, point }, outcomes, seconds, wrong }: Row): string[] {
  return [
    fault.name,
    point.name,
    outcomes.join('; '),
    `${seconds} s`,
    wrong.length === 0 ? 'as promised' : 'WRONG',
  ];
}

function table(rows: readonly Row[]): string {
  const lines = [
    ['Fault', 'When', 'Outcome', 'Settled after', 'Verdict'],
    Array(5).fill('---'),
    ...rows.map(cells),
  ];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function writeDocument(rows: readonly Row[], seconds: number): void {
  const place = vm ? 'faults --vm' : 'faults';
  const [begin, end] = [`<!-- ${place}: begin -->`, `<!-- ${place}: end -->`];
  const text = readFileSync(document, 'utf8');
  const [head, rest = ''] = text.split(begin);
  const tail = rest.split(end)[1];
  if (tail === undefined) throw new Error(`${document} has no place for the table`);
  const right = rows.filter(({ wrong }) => wrong.length === 0).length;
  const day = new Date().toISOString().slice(0, 10);
  const command = `npm run faults${vm ? ' -- --vm' : ''}`;
  const summary = `\`${command}\`, ${day}: ${right} of ${rows.length} cases as promised, in ${Math.round(seconds / 60)} minutes.`;
  writeFileSync(document, `${head}${begin}\n${summary}\n\n${table(rows)}\n${end}${tail}`);
}

/** Cases mostly wait, so this many labs run in parallel. Emulated virtual machines don't wait. */
const labs = vm ? 1 : 4;

const started = Date.now();
const rows: Row[] = [];
const queue = [...chosen];
await Promise.all(Array.from({ length: Math.min(labs, chosen.length) }, () => work(queue, rows)));
rows.sort((a, b) => chosen.indexOf(a.fault) - chosen.indexOf(b.fault));
const seconds = Math.round((Date.now() - started) / 1000);
const wrong = rows.filter((row) => row.wrong.length > 0).length;
console.log(
  `\n${table(rows)}\n\n${rows.length - wrong} of ${rows.length} cases as promised, in ${seconds} s.`,
);
if (words.length === 0) writeDocument(rows, seconds);
if (wrong > 0 || rows.length === 0) process.exitCode = 1;
