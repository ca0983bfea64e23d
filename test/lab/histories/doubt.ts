import type { CommandResult } from '../../../src/lab/command.ts';
import { Finding, said, type World } from './world.ts';

/** Nothing has gone wrong, and still a host is in doubt: follows the report's advice, and says whether it helps. */
export async function doubtWithoutReason(world: World, result: CommandResult): Promise<never> {
  const advice = advised(result.stdout);
  const after: string[] = [];
  for (const command of advice) {
    const args = command.split(' ').slice(1);
    const yes = args[0] === 'undo' ? ['--yes'] : [];
    after.push(`${command}: ${(await world.meshbook(...args, ...yes)).exitCode}`);
  }
  throw new Finding(
    'no host is in doubt',
    `${said('it', result)}\nwhat it advises: ${after.join('; ') || 'nothing'}`,
  );
}

/** The commands that a report advises. */
function advised(stdout: string): string[] {
  return [...stdout.matchAll(/^ {2}(meshbook (?:undo|recover) .*)$/gm)].map(([, command = '']) =>
    command.trim(),
  );
}
