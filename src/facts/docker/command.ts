import { once } from '../once.ts';

/** A text file of the host that systemd or Docker reads. */
export interface TextAt {
  readonly path: string;
  readonly text: string;
}

/** An option of dockerd on a command line. */
export interface Flag {
  /** `bridge` for `--bridge`. */
  readonly name: string;
  /** `b` for `-b`. */
  readonly short?: string;
  /** It takes no separate value: `--icc`, `--icc=false`. */
  readonly boolean?: true;
}

/** The output of `systemctl cat`: each file after a comment with its path, in the order in which they apply. */
export function splitUnitFiles(printed: string): TextAt[] {
  return printed
    .split(/^(?=# \/)/m)
    .filter((part) => part.startsWith('# /'))
    .map((part) => {
      const end = part.indexOf('\n');
      return { path: part.slice(2, end), text: part.slice(end + 1).replace(/\n\n$/, '\n') };
    });
}

/**
 * The command line of a service in unit files, as written; undefined if they have none. An empty `ExecStart=` resets
 * earlier ones (systemd.service(5)).
 */
export function execStart(units: readonly TextAt[]): string | undefined {
  return settings(units, 'Service', 'ExecStart').reduce<string | undefined>(
    (last, { value }) => (value === '' ? undefined : (last ?? value)),
    undefined,
  );
}

/** Every assignment of one setting, in order, with its file. */
export function settings(
  units: readonly TextAt[],
  section: string,
  name: string,
): { path: string; value: string }[] {
  return units.flatMap(({ path, text }) =>
    settingsIn(text)
      .filter((one) => one.section === section && one.name === name)
      .map(({ value }) => ({ path, value })),
  );
}

interface Setting {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

const settingsIn = once((text): readonly Setting[] => {
  let section = '';
  return logicalLines(text).flatMap((line) => {
    section = /^\[(.*)\]$/.exec(line)?.[1] ?? section;
    const equals = line.indexOf('=');
    if (equals < 0) return [];
    return [{ section, name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() }];
  });
});

/** Without comments; a line that ends in a backslash is joined with the next (systemd.syntax(7)). */
function logicalLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*[#;]/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim());
}

/** The words of a command line as written, with quotes and escapes. */
export const words = once(
  (command): readonly string[] =>
    command.match(/(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/g) ?? [],
);

/** The value of an option on a command line, or undefined; the last one counts. */
export function flagValue(command: readonly string[], flag: Flag): string | undefined {
  return split(command, [flag]).taken.at(-1)?.value;
}

/** The command line without these options and their values. */
export function withoutFlags(command: readonly string[], flags: readonly Flag[]): string[] {
  return split(command, flags).rest;
}

function split(command: readonly string[], flags: readonly Flag[]) {
  const taken: { flag: Flag; value: string }[] = [];
  const rest: string[] = [];
  for (let i = 0; i < command.length; i++) {
    const word = command[i] ?? '';
    const plain = unquoted(word);
    const equals = plain.indexOf('=');
    const name = equals < 0 ? plain : plain.slice(0, equals);
    const flag = flags.find((one) => name === `--${one.name}` || (one.short && name === `-${one.short}`));
    if (flag === undefined) rest.push(word);
    else if (equals >= 0) taken.push({ flag, value: plain.slice(equals + 1) });
    else if (flag.boolean) taken.push({ flag, value: 'true' });
    else taken.push({ flag, value: unquoted(command[++i] ?? '') });
  }
  return { taken, rest };
}

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2');
}

/** Whether a command line expands an environment variable (systemd.service(5), "Command lines"). */
export function expands(command: string, variable: string): boolean {
  return command.includes(`\${${variable}}`) || words(command).includes(`$${variable}`);
}

/** Variables in a unit's environment, each with its file. */
export function variables(
  units: readonly TextAt[],
  environment: readonly TextAt[],
): { path: string; name: string; value: string }[] {
  const inUnits = settings(units, 'Service', 'Environment').flatMap(({ path, value }) =>
    words(value).flatMap((word) => assigned(unquoted(word)).map((one) => ({ path, ...one }))),
  );
  const inFiles = environment.flatMap(({ path, text }) => variablesIn(text).map((one) => ({ path, ...one })));
  return [...inUnits, ...inFiles];
}

const variablesIn = once((text) => logicalLines(text).flatMap(assigned));

function assigned(assignment: string): { name: string; value: string }[] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(assignment) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, value: unquoted(value.trim()) }];
}
