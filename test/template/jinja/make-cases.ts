// npx tsx test/template/jinja/make-cases.ts COUNT [SEED]: random templates and the real Jinja's results, as JSON on
// standard output. cases.json has 400 with seed 1, made with Jinja 3.1.2 (Debian 12's python3-jinja2).
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { randomTemplate, seeded, variables } from './random-template.ts';

const [count = '400', seed = '1'] = process.argv.slice(2);
const random = seeded(Number(seed));
const templates = Array.from({ length: Number(count) }, () => randomTemplate(random));
const results = JSON.parse(
  execFileSync('/usr/bin/python3', [join(import.meta.dirname, 'jinja.py')], {
    input: JSON.stringify({ variables, templates }),
    maxBuffer: 1024 ** 3,
    encoding: 'utf8',
  }),
);
const cases = templates.map((template, i) => ({ template, result: results[i] }));
console.log(`[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]`);
