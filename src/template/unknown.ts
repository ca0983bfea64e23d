import { didYouMean } from '../diagnostics/nearest.ts';
import type { Word } from './ast.ts';
import { notAllowed } from './syntax-fault.ts';
import { type Span, TemplateError } from './template-error.ts';

/** Filters of Jinja and Ansible that we don't have, with our equivalent if there is one. */
export const foreignFilters = {
  Jinja: table(
    `abs attr batch capitalize center count=length dictsort e escape filesizeformat float forceescape format
    groupby indent items list map max min pprint random reject rejectattr reverse round safe select selectattr
    slice striptags sum title tojson=to_json truncate urlencode urlize wordcount wordwrap xmlattr`,
  ),
  Ansible: table(
    `b64decode b64encode basename combine dict2items difference dirname flatten from_json from_yaml hash
    intersect ipaddr=ip ipmath=nth ipsubnet=network ipv4=ip ipv6=ip items2dict mandatory password_hash quote
    regex_escape regex_findall regex_replace=replace regex_search split subelements ternary to_nice_json=to_json
    to_nice_yaml to_uuid to_yaml type_debug union zip`,
  ),
};

export const foreignTests = {
  Jinja: table(
    `callable divisibleby eq equalto escaped even false filter float ge greaterthan gt integer iterable le
    lessthan lower lt ne odd sameas test true upper`,
  ),
  Ansible: table('abs changed contains directory exists failed file match search subset superset version'),
};

const foreignStatements = table(
  'autoescape block break call continue debug do extends filter from import include macro trans with',
);
const statements = ['if', 'elif', 'else', 'endif', 'for', 'endfor', 'set', 'endset', 'raw', 'endraw'];

function table(words: string): ReadonlyMap<string, string | undefined> {
  return new Map(
    words.split(/\s+/).map((entry) => {
      const [name = '', ours] = entry.split('=');
      return [name, ours];
    }),
  );
}

export function unknownFilter({ name, span }: Word, ours: readonly string[]): TemplateError {
  const { message, hint } = unknown('filter', name, name, foreignFilters, ours);
  return new TemplateError('unknown-filter', message, span, hint);
}

export function unknownTest({ name, span }: Word, ours: readonly string[]): TemplateError {
  const { message, hint } = unknown('test', `is ${name}`, name, foreignTests, ours);
  return new TemplateError('unknown-test', message, span, hint);
}

function unknown(
  what: string,
  shown: string,
  name: string,
  foreign: Readonly<Record<string, ReadonlyMap<string, string | undefined>>>,
  ours: readonly string[],
): { message: string; hint: string } {
  const all = `there are ${ours.join(', ')}`;
  for (const [owner, table] of Object.entries(foreign)) {
    if (!table.has(name)) continue;
    const instead = table.get(name);
    return {
      message: `'${shown}' is a ${what} of ${owner}'s that meshbook doesn't have`,
      hint: instead === undefined ? all : `use '${instead}'`,
    };
  }
  return { message: `there is no ${what} '${shown}'`, hint: didYouMean(name, ours) ?? all };
}

/** Whether the word opens, continues or closes one of our statements. */
export function isStatement(word: string): boolean {
  return statements.includes(word);
}

/** Whether it opens or closes a statement that only Jinja has. */
export function isForeign(word: string): boolean {
  return foreignStatements.has(word.replace(/^end/, ''));
}

export function unknownStatement(name: string, span: Span): TemplateError {
  const near = isForeign(name) ? undefined : didYouMean(name, statements);
  return notAllowed(`templates have no statement '${name}'`, span, near ?? 'there are if, for, set and raw');
}
