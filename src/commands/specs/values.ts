import { WrongValue } from './spec.ts';

// Parsers of options' values.

export function notEmpty(text: string): string {
  if (text !== '') return text;
  throw new WrongValue('It must not be empty.');
}

/** For an option that may be repeated. */
export function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, notEmpty(text)];
}

export function tags(text: string, before: readonly string[]): readonly string[] {
  const given = text.split(',').map((tag) => tag.trim());
  if (given.includes('')) throw new WrongValue('It must be tags separated by commas.');
  return [...before, ...given];
}

/** In seconds. */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^([1-9]\d{0,5})([smh])?$/.exec(text) ?? [];
  if (number === undefined) throw new WrongValue('It must be a duration such as 120s or 5m.');
  return Number(number) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
}

export function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new WrongValue('It must be a whole number, at least 1.');
}
