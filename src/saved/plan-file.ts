import { createHash } from 'node:crypto';
import type { Code } from '../diagnostics/codes/registry.ts';
import type { Checked } from '../diagnostics/diagnostic.ts';
import { parseJson } from '../files/parse-json.ts';
import { jsonText } from '../report/text/json-text.ts';
import { unlikePlan } from './plan-schema.ts';
import type { SavedHead, SavedHost, SavedPlan } from './saved-plan.ts';
import { Sealer } from './seal.ts';

const VERSION = 3;

const start = `{\n"meshbook_plan": `;
const beforeHosts = '"hosts": [';
const afterHosts = '],';

/** Whether a text's first characters (100 suffice) are those of a saved plan of any version, even a damaged one. */
export function looksLikePlan(text: string): boolean {
  return /^\s*\{\s*"meshbook_plan"/.test(text);
}

/** The file's text: JSON with a line for each member and each host, so that no piece is longer than one host. */
export function* formatPlan({ head, hosts }: SavedPlan): Generator<string> {
  const sealer = new Sealer();
  yield sealer.add(`${start}${VERSION},\n`);
  for (const [key, value] of Object.entries(head)) yield sealer.add(`"${key}": ${jsonText(value)},\n`);
  yield sealer.add(`${beforeHosts}\n`);
  for (const [i, host] of hosts.entries())
    yield sealer.add(`${jsonText(host)}${i === hosts.length - 1 ? '' : ','}\n`);
  yield sealer.add(`${afterHosts}\n`);
  yield sealer.end();
}

/** Reads the output of `formatPlan` line by line; `meshbook` is this version. `path` is for messages. */
export function parsePlan(lines: Iterable<string>, path: string, meshbook: string): Checked<SavedPlan> {
  const hash = createHash('sha256');
  const members: string[] = [];
  const hosts: string[] = [];
  let part: 'head' | 'hosts' | 'end' = 'head';
  let end = '';
  for (const line of lines) {
    if (part === 'head' && members.length === 1) {
      // A later version may be quite different from here on.
      const version = /^"meshbook_plan": (\d+),$/.exec(line)?.[1];
      if (version !== undefined && Number(version) !== VERSION)
        return otherVersion(
          `${path} is a saved plan of version ${version}, and this meshbook reads version ${VERSION}`,
        );
    }
    if (part === 'end') end += `${line}\n`;
    else hash.update(`${line}\n`);
    if (part === 'head' && line === beforeHosts) part = 'hosts';
    else if (part === 'head') members.push(line);
    else if (part === 'hosts' && line === afterHosts) part = 'end';
    else if (part === 'hosts') hosts.push(line);
  }
  const sealed = `"sha256": "${hash.digest('hex')}"\n}\n`;
  if (part !== 'end' || !end.endsWith('}\n')) return damaged(`${path} is cut off, or no saved plan`);
  if (end !== sealed) return damaged(`${path} has been changed since meshbook wrote it`);
  let head: SavedHead;
  let planned: SavedHost[];
  try {
    const {
      meshbook_plan: _,
      hosts: __,
      ...rest
    } = parseJson(`${members.join('\n')}"hosts": []}`) as Record<string, unknown>;
    head = rest as unknown as SavedHead;
    planned = hosts.map((line) => parseJson(line.replace(/,$/, '')) as SavedHost);
  } catch (error) {
    return damaged(`${path} is no saved plan of meshbook's: ${(error as Error).message}`);
  }
  if (head.meshbook !== meshbook) {
    const made = `${path} was made by meshbook ${head.meshbook}, and this is meshbook ${meshbook}`;
    return otherVersion(made);
  }
  const plan = { head, hosts: planned };
  const wrong = unlikePlan(plan);
  return wrong === undefined
    ? { value: plan, diagnostics: [] }
    : damaged(`${path} is no saved plan of meshbook's: ${wrong}`);
}

function damaged(message: string): Checked<never> {
  return failed('plan-damaged', message, 'make the plan again: meshbook plan -o FILE');
}

function otherVersion(message: string): Checked<never> {
  return failed('plan-version', message, 'use the meshbook that made it, or make the plan again');
}

function failed(code: Code, message: string, hint: string): Checked<never> {
  return { diagnostics: [{ severity: 'error', code, message, hint }] };
}
