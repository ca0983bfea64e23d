// npm run bench:plan: the cost of planning as fleets grow, from saved facts and without any host; written to
// RESULTS.md.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Cost, type Measured, measure, median } from './measure.ts';
import { type FleetShape, paperFleet } from './plan-fleet.ts';
import { table } from './report.ts';
import { writeSection } from './results.ts';
import { startup } from './startup.ts';

const { values } = parseArgs({
  options: {
    mesh: { type: 'string', default: '100,300,1000' },
    chain: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string', default: join(import.meta.dirname, 'RESULTS.md') },
  },
});
const sizes = (text: string) => text.split(',').filter(Boolean).map(Number);
const meshbook = join(import.meta.dirname, '../bin/meshbook');
const folder = mkdtempSync(join(tmpdir(), 'meshbook-bench-plan-'));

interface Figures {
  readonly shape: FleetShape;
  readonly hosts: number;
  readonly ends: number;
  readonly validate: Cost;
  /** Seconds. */
  readonly planned: number;
  readonly plan: Cost;
  readonly json: Cost;
}

const planned = join(folder, 'planned.mjs');

if (!existsSync('/usr/bin/time')) throw new Error('the benchmark needs GNU time: apt-get install time');
try {
  // Bundled like the build: otherwise translating TypeScript would be measured as well.
  await build({
    entryPoints: [join(import.meta.dirname, 'planned.ts')],
    outfile: planned,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['ssh2'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const started = await startup(Number(values.rounds) * 3, folder);
  const figures: Figures[] = [];
  for (const hosts of sizes(values.mesh)) figures.push(await figuresOf('full_mesh', hosts));
  for (const hosts of sizes(values.chain)) figures.push(await figuresOf('chain', hosts));
  const section = `${new Date().toISOString().slice(0, 10)}, \`npm run bench:plan\`, medians of ${values.rounds}, on ${machine()}. How to read this: [README.md](README.md#planning).

### Planning

${table(['', 'hosts', 'tunnel ends', 'validate, s', 'planned, s', 'plan, s', 'CPU, s', 'RSS, MB', 'CPU, µs an end', 'plan --format json, s', 'RSS, MB'], figures.map(row))}
${started}`;
  writeSection(values.out, 'plan', section);
  console.log(section);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function figuresOf(shape: FleetShape, hosts: number): Promise<Figures> {
  console.error(`${shape} of ${hosts}`);
  const own = join(folder, `${shape}-${hosts}`);
  const { inventory, playbook, facts, ends } = paperFleet(shape, hosts, own);
  const files = ['-i', inventory, playbook];
  const cost = async (...args: string[]) =>
    medians(await inRounds('sh', '-c', 'exec "$@" >/dev/null', 'sh', meshbook, ...args));
  const validate = await cost('validate', ...files);
  const planned = await plannedIn(inventory, playbook, facts);
  const plan = await cost('plan', '--facts', facts, ...files);
  const json = await cost('plan', '--facts', facts, '--format', 'json', ...files);
  rmSync(own, { recursive: true });
  return { shape, hosts, ends, validate, planned, plan, json };
}

/** Seconds from files to plans, without the start of Node and without printing. */
async function plannedIn(...files: string[]): Promise<number> {
  return median((await inRounds('node', planned, ...files)).map(({ stdout }) => Number(stdout)));
}

async function inRounds(...argv: string[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let round = 0; round < Number(values.rounds); round++) measured.push(await measure(argv, { folder }));
  return measured;
}

function medians(costs: readonly Cost[]): Cost {
  const of = (key: keyof Cost) => median(costs.map((cost) => cost[key]));
  return { wall: of('wall'), cpu: of('cpu'), hosts: of('hosts'), rss: of('rss') };
}

/** Per end: what planning takes more than for the next smaller fleet, so that start-up is excluded. */
function row(
  { shape, hosts, ends, validate, planned, plan, json }: Figures,
  i: number,
  all: readonly Figures[],
): string[] {
  const before = all[i - 1];
  const grown =
    before?.shape === shape ? ((plan.cpu - before.plan.cpu) / (ends - before.ends)) * 1e6 : undefined;
  return [
    shape.replace('_', ' '),
    `${hosts}`,
    `${ends}`,
    validate.wall.toFixed(2),
    planned.toFixed(2),
    plan.wall.toFixed(2),
    plan.cpu.toFixed(2),
    plan.rss.toFixed(0),
    grown === undefined ? '' : grown.toFixed(1),
    json.wall.toFixed(2),
    json.rss.toFixed(0),
  ];
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}, load ${Math.round(loadavg()[0] ?? 0)}`;
}
