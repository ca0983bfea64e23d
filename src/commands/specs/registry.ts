import { apply } from './apply.ts';
import { check } from './check.ts';
import { drift } from './drift.ts';
import { facts } from './facts.ts';
import { confirm, recover } from './finish.ts';
import { graph } from './graph.ts';
import { lab } from './lab.ts';
import { plan } from './plan.ts';
import { explain, kinds } from './reference.ts';
import { runs } from './runs.ts';
import { show } from './show.ts';
import type { CommandSpec } from './spec.ts';
import { status } from './status.ts';
import { undo } from './undo.ts';
import { validate } from './validate.ts';
import { vault } from './vault.ts';

/** All commands, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  validate,
  graph,
  plan,
  show,
  facts,
  apply,
  check,
  drift,
  undo,
  confirm,
  recover,
  status,
  runs,
  explain,
  kinds,
  vault,
  lab,
];
