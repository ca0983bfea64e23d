import { exitCodes } from '../../diagnostics/errors.ts';
import type { Io } from '../output/io.ts';

/** The message and the exit code if an apply doesn't begin because a host is unreachable. */
export function nobodyChanged(io: Io): number {
  io.err(
    'Nothing was changed anywhere, because a host is unreachable. --skip-unreachable goes on without it.\n',
  );
  return exitCodes.unreachable;
}
