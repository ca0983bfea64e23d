import type { Io } from '../output/io.ts';

// A command's definition on the command line, as data. Nothing here loads a command's code: `meshbook --help` needs
// all specs and no command.

/** Thrown by the parser of an option's value; the message is a sentence for the user. */
export class WrongValue extends Error {
  override readonly name = 'WrongValue';
}

/** `Shape` is what the option adds to the options of its command. */
export interface OptionSpec<Shape = unknown> extends OptionMore {
  /** As Commander writes them: `-l, --limit <pattern>`. */
  readonly flags: string;
  readonly help: string;
  /** Only a type; it never has a value. */
  readonly shape?: Shape;
}

interface OptionMore {
  readonly choices?: readonly string[];
  /** `before`: the value so far, for an option that may be repeated. @throws WrongValue */
  // biome-ignore lint/suspicious/noExplicitAny: each parser has a type of its own
  readonly parse?: (text: string, before: any) => unknown;
  readonly default?: unknown;
  /** The default as shown in the help. */
  readonly defaultText?: string;
  /** The environment variable that sets it. */
  readonly env?: string;
  /** Names of options that it excludes. */
  readonly conflicts?: readonly string[];
  /** Options that it sets. */
  readonly implies?: Readonly<Record<string, unknown>>;
  readonly required?: true;
}

type FirstWord<Text extends string> = Text extends `${infer Word} ${string}` ? Word : Text;
type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;
/** The name that Commander gives an option: `skipTags` for `--skip-tags <tags>`, `confirm` for `--no-confirm`. */
type NameOf<Flags extends string> = Flags extends `${string}--no-${infer Rest}`
  ? CamelCase<FirstWord<Rest>>
  : Flags extends `${string}--${infer Rest}`
    ? CamelCase<FirstWord<Rest>>
    : never;
type Given<Name extends string, Value> = { readonly [Key in Name]: Value };
type FlagShape<Flags extends string> = Flags extends `--no-${string}`
  ? Given<NameOf<Flags>, boolean>
  : Partial<Given<NameOf<Flags>, boolean>>;
type ValueOf<More> = More extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : More extends { readonly parse: (text: string, before: never) => infer Value }
    ? Value
    : string;
type ValueShape<Flags extends string, More> = More extends
  | { readonly default: unknown }
  | { readonly required: true }
  ? Given<NameOf<Flags>, ValueOf<More>>
  : Partial<Given<NameOf<Flags>, ValueOf<More>>>;

/** An option without a value. One that begins with `--no-` is true unless it is given. */
export function flag<const Flags extends string>(
  flags: Flags,
  help: string,
  more: Pick<OptionMore, 'conflicts'> = {},
): OptionSpec<FlagShape<Flags>> {
  return { flags, help, ...more };
}

/** An option with a value. */
export function value<const Flags extends string, const More extends OptionMore = Record<never, never>>(
  flags: Flags,
  help: string,
  more?: More,
): OptionSpec<ValueShape<Flags, More>> {
  return { flags, help, ...more };
}

type ShapeOf<Option> = Option extends OptionSpec<infer Shape> ? Shape : never;
type Together<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
/** The options as Commander returns them. */
export type OptionsOf<Options extends readonly OptionSpec[]> = Together<ShapeOf<Options[number]>>;

type ArgumentsOf<Usage extends string> = Usage extends `${string} ${infer First} ${infer Second}`
  ? [...ArgumentsOf<`_ ${First}`>, ...ArgumentsOf<`_ ${Second}`>]
  : Usage extends `${string} <${string}>`
    ? [string]
    : Usage extends `${string} [${string}...]`
      ? [string[]]
      : Usage extends `${string} [${string}]`
        ? [string | undefined]
        : [];

/** The function of a command: its arguments, then its options. Returns the exit code. */
type Run<Usage extends string, Options> = (
  ...given: [...ArgumentsOf<Usage>, Options, Io]
) => number | Promise<number>;

interface About {
  /** In its own help and in the list of commands. */
  readonly description?: string;
  /** Only in the list of commands. */
  readonly summary?: string;
  /** Text after the options. */
  readonly help?: string;
  /** Everything after the first argument belongs to the command, including options. */
  readonly passThrough?: true;
}

/** A command, with its options checked against its function. */
export interface CommandSpec extends About {
  /** Its name and arguments: `undo [run]`. */
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** Loads its code: a function of the arguments, the options and `Io`. Left out by a group, which only has commands. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has options of its own, which `command` has checked
  readonly load?: () => Promise<(...given: any[]) => number | Promise<number>>;
  /** Its subcommands. Its own options may also precede their names. */
  readonly commands?: readonly CommandSpec[];
}

/** `Outer`: options of the parent command. */
export function command<
  const Usage extends string,
  const Options extends readonly OptionSpec[],
  const Outer extends readonly OptionSpec[] = [],
>(
  spec: About & {
    readonly usage: Usage;
    readonly options: Options;
    readonly outer?: Outer;
    readonly load: () => Promise<Run<Usage, OptionsOf<Options> & OptionsOf<Outer>>>;
    readonly commands?: readonly CommandSpec[];
  },
): CommandSpec {
  return spec;
}
