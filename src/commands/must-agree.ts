import { RunError } from '../diagnostics/errors.ts';
import type { Io } from './io.ts';

/** Asks before anything is changed. @throws RunError when the answer isn't yes, or nobody can be asked. */
export async function mustAgree(question: string, yes: boolean, io: Io): Promise<void> {
  if (yes) return;
  if (!io.interactive) {
    throw new RunError('state', 'nobody can be asked without a terminal; nothing was changed', {
      hint: 'give --yes',
    });
  }
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new RunError('state', 'not agreed to; nothing was changed');
}
