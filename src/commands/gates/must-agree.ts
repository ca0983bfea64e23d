import { RunError } from '../../diagnostics/errors.ts';
import type { Io } from '../output/io.ts';

/**
 * Asks before anything is changed.
 * @throws RunError if the answer isn't yes, nobody can be asked, or nobody was shown what it is about.
 */
export async function mustAgree(
  question: string,
  options: { readonly yes?: boolean; readonly json?: boolean },
  io: Io,
): Promise<void> {
  if (options.yes) return;
  if (options.json || !io.interactive) {
    const why = options.json ? '--json asks no questions' : 'there is no terminal to ask on';
    throw new RunError('state', `${why}; nothing was changed`, { hint: 'give --yes' });
  }
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new RunError('state', 'the answer was not yes; nothing was changed');
}
