import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { parsers, worse } from '../test/fuzz/parsers.ts';

// Feeds randomly damaged text to all parsers of files and hosts.
//
// npm run fuzz -- [--minutes N] [--seed S]
//
// The texts of a seed are the same on each machine; each round of all parsers has one seed, and the next round the
// next one. Exits with 1 at the first finding, and prints its seed and the smallest text that shows it.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const end = Date.now() + Number(values.minutes) * 60_000;
const runsOfRound = 200;
let seed = Number(values.seed);
let runs = 0;
for (; Date.now() < end; seed++) {
  for (const parser of parsers) {
    const result = fc.check(
      fc.property(worse(parser), (text) => {
        parser.read(text);
      }),
      { seed, numRuns: runsOfRound },
    );
    runs += result.numRuns;
    if (!result.failed) continue;
    const [text] = result.counterexample ?? [];
    console.log(`${parser.name}: --seed ${seed}\n${JSON.stringify(text)}\n${String(result.errorInstance)}`);
    if (result.errorInstance instanceof Error) console.log(result.errorInstance.stack);
    process.exit(1);
  }
}
console.log(
  `${runs} texts for ${parsers.length} parsers, seeds ${values.seed} to ${seed - 1}: nothing found`,
);
