import type { Parsed } from '../../net/parsed.ts';
import { allowance, spendReading, spendWork } from '../../source/allowance.ts';
import { maxHostName } from '../schema/formats.ts';

/** The maximum number of names in one key; more is probably a typo. */
const most = allowance.hosts;

/** The maximum number of ranges in one key: each multiplies the names. */
const mostRanges = 16;

/**
 * The names that an inventory's key stands for, as in Ansible: `docker[1:20]` (both ends included), `web[01:10]`
 * (keeps the leading zero), `rack[a:f]`, `node[0:100:5]` (every fifth), several in one key. A key without brackets is
 * a single name.
 * @throws TooMuch
 */
export function expandHostRange(key: string): Parsed<readonly string[]> {
  if (!key.includes('[') && !key.includes(']')) return { value: [key] };
  const places: Choices[] = [];
  let count = 1;
  let longest = 0;
  const parts = key.split(/(\[[^[\]]*\])/).filter((part) => part !== '');
  // Such keys are long, so the message doesn't repeat them.
  if (parts.filter((part) => part.startsWith('[')).length > mostRanges)
    return { error: `a host's name has more than ${mostRanges} ranges` };
  for (const part of parts) {
    if (/[[\]]/.test(part) && !/^\[.*\]$/.test(part)) return { error: `'${key}' has an extra bracket` };
    const range = part.startsWith('[') ? expandOne(part.slice(1, -1), key) : { value: only(part) };
    if (range.error !== undefined) return range;
    const { length, choice } = range.value;
    count *= length;
    if (count > most) return { error: `'${key}' stands for more than ${most} hosts` };
    longest += choice(length - 1).length;
    if (longest > maxHostName)
      return { error: `a range of hosts makes names of more than ${maxHostName} characters` };
    places.push(range.value);
  }
  // Errors are found before any name is made.
  return { value: namesOf(places) };
}

function namesOf(places: readonly Choices[]): readonly string[] {
  let names = [''];
  let longest = 0;
  for (const { length, choice } of places) {
    longest += choice(length - 1).length;
    spendWork(names.length * length);
    spendReading(names.length * length * longest);
    const choices = Array.from({ length }, (_, i) => choice(i));
    names = names.flatMap((name) => choices.map((one) => name + one));
  }
  return names;
}

/** The alternatives for one part of a name. */
interface Choices {
  readonly length: number;
  readonly choice: (index: number) => string;
}

function only(text: string): Choices {
  return { length: 1, choice: () => text };
}

function expandOne(range: string, key: string): Parsed<Choices> {
  const numbers = /^(\d+):(\d+)(?::(\d+))?$/.exec(range);
  if (numbers !== null) {
    const [, from = '', to = '', step = '1'] = numbers;
    if (from.length > 1 && from.startsWith('0') && from.length !== to.length) {
      return { error: `'${key}': with leading zeros, both ends must have the same length` };
    }
    return count(Number(from), Number(to), Number(step), key, (n) => String(n).padStart(from.length, '0'));
  }
  const letters = /^([a-z]):([a-z])(?::(\d+))?$|^([A-Z]):([A-Z])(?::(\d+))?$/.exec(range);
  if (letters !== null) {
    const from = letters[1] ?? letters[4] ?? '';
    const to = letters[2] ?? letters[5] ?? '';
    const step = Number(letters[3] ?? letters[6] ?? '1');
    return count(from.charCodeAt(0), to.charCodeAt(0), step, key, (n) => String.fromCharCode(n));
  }
  return { error: `'${key}': expected a range such as [1:20], [01:10] or [a:f]` };
}

function count(
  from: number,
  to: number,
  step: number,
  key: string,
  name: (n: number) => string,
): Parsed<Choices> {
  if (step === 0) return { error: `'${key}': the step can't be 0` };
  if (from > to) return { error: `'${key}': the range ends before it begins` };
  const length = Math.floor((to - from) / step) + 1;
  if (length > most) return { error: `'${key}' stands for more than ${most} hosts` };
  return { value: { length, choice: (index) => name(from + index * step) } };
}
