import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from './commands/output/io.ts';
import { type CommandSpec, type OptionSpec, WrongValue } from './commands/specs/spec.ts';

/** Adds a command and its subcommands to the program. `done` gets the exit code. */
export function addCommand(parent: Command, spec: CommandSpec, io: Io, done: (code: number) => void): void {
  const command = parent.command(spec.usage);
  command.showHelpAfterError(`(${pathOf(command)} --help shows its usage)`);
  for (const option of spec.options) command.addOption(optionOf(option));
  if (spec.description !== undefined) command.description(spec.description);
  if (spec.summary !== undefined) command.summary(spec.summary);
  if (spec.help !== undefined) command.addHelpText('after', spec.help);
  if (spec.passThrough) command.passThroughOptions();
  for (const below of spec.commands ?? []) addCommand(command, below, io, done);
  const { load } = spec;
  if (load === undefined) return;
  command.action(async () => {
    const run = await load();
    done(await run(...command.processedArgs, { ...parent.opts(), ...command.opts() }, io));
  });
}

/** `meshbook runs show` */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function optionOf(spec: OptionSpec): Option {
  const { flags, help, choices, parse, env, conflicts, implies, required } = spec;
  const option = new Option(flags, help);
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined) option.argParser(parserOf(parse));
  if (spec.default !== undefined) option.default(spec.default, spec.defaultText);
  if (env !== undefined) option.env(env);
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  if (implies !== undefined) option.implies(implies);
  if (required) option.makeOptionMandatory();
  return option;
}

function parserOf(parse: NonNullable<OptionSpec['parse']>): (text: string, before: unknown) => unknown {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      if (error instanceof WrongValue) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}
