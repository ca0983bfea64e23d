import { secrets } from '../secrets/masker.ts';
import type { HostFailure } from '../transaction/events.ts';
import type { StepPlace, Trouble } from './events.ts';
import type { StageItem } from './stage-item.ts';

/**
 * A failed change for people: its step, the step's place, and how it failed. A host's output enters reports here, and
 * in `hostWords`.
 */
export function failureOf(item: StageItem, verb: 'apply' | 'undo', failure: HostFailure): Trouble {
  const { exitCode, timeout, full = [] } = failure;
  const how = timeout === undefined ? `exit status ${exitCode}` : `ended after its timeout of ${timeout} s`;
  const room = full.length === 0 ? '' : `; no space left on ${full.join(', ')}`;
  return {
    code: timeout === undefined ? 'command-failed' : 'timeout',
    message: `${verb === 'undo' ? 'undo of ' : ''}${what(item)}: ${how}${room}`,
    output: outputOf(failure),
    ...(item.place === undefined ? {} : { step: item.place }),
    ...(timeout === undefined ? { exitStatus: exitCode } : {}),
    ...(full.length > 0
      ? { hint: 'free some space there and run it again: df -h and df -i show what is full' }
      : {}),
  };
}

/** `step "Name" (mesh.yml:4)`. */
export function stepWords({ name, at }: StepPlace): string {
  return `step "${name}"${at === undefined ? '' : ` (${at})`}`;
}

/** The end of the output of a host's script, for a message: at most 300 characters. */
export function hostWords(text: string): string {
  // Masked before it is cut: half a secret would not be recognised.
  return secrets.cut(text).trim().slice(-300);
}

function what({ place, after = [], summary }: StageItem): string {
  if (place !== undefined) return stepWords(place);
  return after.length === 0 ? summary : `${summary}, once after ${after.map(stepWords).join(', ')}`;
}

function outputOf({ output, cut }: HostFailure): string {
  const end = output.trimEnd();
  if (cut === undefined) return end;
  // The rest of the first line, and of its first character, says little.
  const from = end.indexOf('\n') + 1;
  const kept = from > 0 && from < end.length / 2 ? end.slice(from) : end;
  return `(cut: the last ${Buffer.byteLength(kept)} of ${cut} bytes)\n${kept}`;
}
