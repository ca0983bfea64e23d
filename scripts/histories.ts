import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type History, historyInWords } from '../test/lab/histories/deeds.ts';
import { LabGround, type Played, playHistory } from '../test/lab/histories/play.ts';
import { type Found, search, signatureOf } from '../test/lab/histories/search.ts';

// Random histories of runs, mishaps and changes by hand on hosts of a lab, shrunk if they find something.
//
// npm run histories -- [--minutes N] [--seed S] [--hosts 3|4] [--docker always|never] [--out FOLDER]
// npm run histories -- --replay FILE     replays the history of a finding, and prints all output
//
// The history of seed S is the same on each machine; the next one has the seed S + 1. Exits with 1 if anything was
// found.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    hosts: { type: 'string', default: '3' },
    docker: { type: 'string', default: 'sometimes' },
    shrink: { type: 'string', default: '6' },
    out: { type: 'string', default: '.meshbook/histories' },
    replay: { type: 'string' },
  },
});
const hosts = Number(values.hosts);
const stateDir = mkdtempSync(join(tmpdir(), 'meshbook-histories-'));
const ground = new LabGround(stateDir, hosts);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    console.log(`ended by ${signal}`);
    await leave();
    process.exit(130);
  });
}
try {
  if (values.replay !== undefined) await replay(values.replay);
  else await seek();
} finally {
  await leave();
}

async function leave(): Promise<void> {
  await ground.leave();
  rmSync(stateDir, { recursive: true, force: true });
}

async function replay(path: string): Promise<void> {
  const history = JSON.parse(readFileSync(path, 'utf8')) as History;
  console.log(historyInWords(history));
  const played = await playHistory(ground, history);
  console.log(played.log.join('\n'));
  console.log(told(played));
  if (played.error !== undefined) process.exitCode = 1;
}

async function seek(): Promise<void> {
  const end = Date.now() + Number(values.minutes) * 60_000;
  const known = new Map<string, number>();
  let histories = 0;
  let deeds = 0;
  for (let seed = Number(values.seed); Date.now() < end; seed++) {
    const docker = values.docker === 'always' || (values.docker !== 'never' && seed % 4 === 3);
    const found = await search(ground, {
      seed,
      kind: { hosts, docker },
      known: new Set(known.keys()),
      patience: Number(values.shrink) * 60,
      onPlayed: (history, played) => {
        histories++;
        deeds += history.length;
        console.log(
          `seed ${seed}${docker ? ', Docker' : ''}: ${history.length} deeds (${exits(played)}): ${told(played).split('\n')[0]}`,
        );
      },
    });
    for (const one of found) {
      const before = known.get(one.signature) ?? 0;
      known.set(one.signature, before + 1);
      if (before === 0) keep(one, seed, known.size);
    }
  }
  console.log(`\n${histories} histories, ${deeds} deeds; ${known.size} found:`);
  for (const [signature, times] of known) console.log(`  ${times} × ${signature}`);
  if (known.size > 0) process.exitCode = 1;
}

/** Writes what was found, for reading and for a replay. */
function keep({ history, played, signature }: Found, seed: number, number: number): void {
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const base = join(folder, `${seed}-${number}`);
  writeFileSync(`${base}.json`, `${JSON.stringify(history, null, 2)}\n`);
  const text = [signature, historyInWords(history), '', ...played.log, '', told(played)].join('\n');
  writeFileSync(`${base}.txt`, `${text}\n`);
  console.log(
    `\nFound with seed ${seed}: ${signature}\n${historyInWords(history)}\n  --replay ${base}.json\n`,
  );
}

/** The number of commands by exit code: shows whether a history was more than refusals. */
function exits({ log }: Played): string {
  const times = new Map<string, number>();
  for (const line of log) {
    const exit = /^\$ .* # (\w+)/.exec(line)?.[1];
    if (exit !== undefined) times.set(exit, (times.get(exit) ?? 0) + 1);
  }
  return [...times].map(([exit, count]) => `${count} × ${exit}`).join(', ');
}

function told({ error }: Played): string {
  if (error === undefined) return 'as it must be';
  return signatureOf(error).startsWith('the driver')
    ? String(error.stack)
    : `${signatureOf(error)}\n${error.message}`;
}
