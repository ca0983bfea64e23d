import { secrets } from '../secrets/masker.ts';
import { spendWork } from '../source/allowance.ts';
import type { Filter } from './filter.ts';
import { networkFilters } from './network-filters.ts';
import { countCharacters } from './sequences.ts';
import { type Span, TemplateError } from './template-error.ts';
import { bounded, isMapping, Missing, revealed, textOf, typeName, wholly } from './values.ts';

const fallback: Filter = { arguments: 1, apply: (input) => input, onMissing: true };

/** All filters. None reads or changes anything besides its input, except the play's allowance. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['default', fallback],
  ['d', fallback],
  ['upper', onText((text) => text.toUpperCase())],
  ['lower', onText((text) => text.toLowerCase())],
  ['trim', onText((text) => text.trim())],
  ['replace', { arguments: 2, apply: replace }],
  ['join', { arguments: 1, apply: join }],
  ['length', { arguments: 0, apply: length }],
  ['int', { arguments: 0, apply: toInteger }],
  ['string', { arguments: 0, apply: (input, _, span) => textOf(input, span) }],
  ['bool', { arguments: 0, apply: toBoolean }],
  ['first', { arguments: 0, apply: (input, _, span) => element(asList('first', input, span), 0, span) }],
  ['last', { arguments: 0, apply: (input, _, span) => element(asList('last', input, span), -1, span) }],
  ['sort', { arguments: 0, apply: sort }],
  ['unique', { arguments: 0, apply: unique }],
  [
    'to_json',
    { arguments: 0, apply: (input, _, span) => withinBounds(JSON.stringify(wholly(input) ?? null), span) },
  ],
  ...networkFilters,
]);

function wrongInput(filter: string, wanted: string, input: unknown, span: Span | undefined): TemplateError {
  return new TemplateError(
    'type-mismatch',
    `filter '${filter}' works on ${wanted}, not on ${typeName(input)}`,
    span,
  );
}

function onText(change: (text: string) => string): Filter {
  return { arguments: 0, apply: (input, _, span) => change(textOf(input, span)) };
}

function asList(filter: string, input: unknown, span: Span | undefined): readonly unknown[] {
  if (Array.isArray(input)) return input.map(revealed);
  throw wrongInput(filter, 'a list', input, span);
}

function withinBounds(text: string, span: Span | undefined): string {
  bounded(text.length, span);
  return text;
}

function replace(input: unknown, [from, to]: readonly unknown[], span: Span | undefined): string {
  const search = textOf(from, span);
  if (search === '')
    throw new TemplateError('filter-arguments', "filter 'replace' can't look for nothing", span);
  const parts = textOf(input, span).split(search);
  // Also for a text that only gets shorter.
  spendWork(parts.length);
  return join(parts, [to], span);
}

function join(input: unknown, [separator]: readonly unknown[], span: Span | undefined): string {
  const between = textOf(separator, span);
  const parts = asList('join', input, span).map((part) => textOf(part, span));
  // Computed before the text is: two texts of a megabyte could become a terabyte.
  bounded(parts.reduce((sum, part) => sum + part.length + between.length, 0) - between.length, span);
  return parts.join(between);
}

function length(input: unknown, _: readonly unknown[], span: Span | undefined): number {
  if (Array.isArray(input)) return input.length;
  if (typeof input === 'string') return countCharacters(input);
  if (isMapping(input)) return Object.keys(input).length;
  throw wrongInput('length', 'a list, a mapping or a string', input, span);
}

function toInteger(input: unknown, _: readonly unknown[], span: Span | undefined): number {
  if (typeof input === 'number') return Math.trunc(input);
  const number = typeof input === 'string' && /^\s*[-+]?[0-9]+\s*$/.test(input) ? Number(input) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new TemplateError('type-mismatch', `filter 'int' can't make a whole number of ${shown(input)}`, span);
}

function toBoolean(input: unknown, _: readonly unknown[], span: Span | undefined): boolean {
  const text = String(typeof input === 'object' ? '' : input).toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  if (['false', 'no', 'off', '0'].includes(text)) return false;
  throw new TemplateError('type-mismatch', `filter 'bool' can't make true or false of ${shown(input)}`, span);
}

function shown(input: unknown): string {
  return typeof input === 'string' ? `'${secrets.text(input).slice(0, 40)}'` : typeName(input);
}

/** An empty list has no such element, so `default` may replace it. */
function element(list: readonly unknown[], index: number, span: Span | undefined): unknown {
  return list.length > 0
    ? list.at(index)
    : new Missing('an empty list has no first and no last element', span);
}

function sort(input: unknown, _: readonly unknown[], span: Span | undefined): unknown[] {
  const list = asList('sort', input, span);
  if (list.every((item) => typeof item === 'number')) return [...list].sort((a, b) => a - b);
  if (list.every((item) => typeof item === 'string')) return [...list].sort();
  throw wrongInput(
    'sort',
    'a list of strings or a list of numbers',
    list.find((item) => typeof item !== typeof list[0]) ?? list[0],
    span,
  );
}

function unique(input: unknown, _: readonly unknown[], span: Span | undefined): unknown[] {
  const list = asList('unique', input, span);
  const compound = list.find((item) => typeof item === 'object' && item !== null);
  if (compound) throw wrongInput('unique', 'a list of strings, numbers or booleans', compound, span);
  return [...new Set(list)];
}
