import { primitiveOf } from '../changes/registry.ts';
import { bootPasses, type Scope, scopesFor } from '../changes/scope.ts';
import { settleKey, settleTypeOf } from '../changes/settle/registry.ts';
import { valueFile } from '../changes/values.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import { indent, lines, raw, type Sh, sh } from '../sh/sh.ts';
import { runtime, type Uses } from './runtime.ts';
import type { Stage } from './stage.ts';

/**
 * The program that a host stores and runs for one stage: `sh program prepare|apply|undo`. POSIX sh, readable: `plan
 * --format sh` shows it. Pure.
 */
export function compileProgram(stage: Stage, title: string): string {
  const parts = [...stage.changes.map(changePart), ...stage.settles.map(settlePart)];
  const uses = usesOf(stage);
  const undoChanges = stage.changes.map(({ id }) => id).reverse();
  // An undo runs each settle action once. If any settle of an action began, then its first one did.
  const keys = stage.settles.map(({ action }) => settleKey(action));
  const undoSettles = stage.settles.filter((_, i) => keys.indexOf(keys[i] ?? '') === i);
  return `${
    lines(
      raw('#!/bin/sh'),
      comment(title),
      runtime(uses),
      ...parts.map(({ code }) => code),
      ...parts.map(({ id, scope }) => sh`${raw(`scope_${id}`)}=${scope}`),
      ...parts.flatMap(({ id, limit }) => (limit === undefined ? [] : [sh`${raw(`limit_${id}`)}=${limit}`])),
      ...parts.flatMap(({ id, takes }) =>
        takes.length === 0 ? [] : [sh`${raw(`takes_${id}`)}=${takes.join(' ')}`],
      ),
      sh`saves=${parts.flatMap(({ id, saves }) => (saves ? [id] : [])).join(' ')}`,
      sh`order=${stage.order.join(' ')}`,
      sh`undo_order=${[...undoChanges, ...undoSettles.map(({ id }) => id)].join(' ')}`,
      endingFor(uses.scopes),
    ).text
  }\n`;
}

/** What the part that all programs share has to know of a stage. */
export function usesOf({ changes, settles }: Stage): Uses {
  const all = changes.map(({ change }) => ({ change, primitive: primitiveOf(change) }));
  const scopes = [
    ...all.map(({ primitive }) => primitive.scope),
    ...settles.map(({ action }) => settleTypeOf(action).scope),
  ];
  return {
    scopes: scopesFor(new Set(scopes)),
    takesValues: all.some(({ change, primitive }) => primitive.takes(change).length > 0),
  };
}

/** At boot one undo goes through several passes: a later one appends its events to those of the first. */
function endingFor(scopes: readonly Scope[]): Sh {
  const later = bootPasses.slice(1).filter(({ scope }) => scopes.includes(scope));
  const isFirst = later.map(({ scope }) => `[ "\${MESHBOOK_SCOPES:-}" != ${scope} ]`).join(' && ');
  return raw(`verb=$1
if ${isFirst}; then : >"$stage/$verb.events"; fi
# What is reported has its room from the start, where the file system can do that: a full disk is reported, too.
fallocate -n -l 65536 "$stage/$verb.events" 2>/dev/null || :
"$verb"`);
}

interface Part {
  readonly id: string;
  readonly saves: boolean;
  readonly scope: Scope;
  /** Whole seconds that it may take, if that is long: the deadline is extended by them. */
  readonly limit?: number;
  /** Files of values that it waits for. */
  readonly takes: readonly string[];
  readonly code: Sh;
}

function changePart({ id, stepName, change }: Stage['changes'][number]): Part {
  const primitive = primitiveOf(change);
  const { action, noun, target } = primitive.title(change);
  const save = primitive.save?.(change);
  const limit = primitive.limit(change);
  const heading = comment(`${id}. ${stepName}: ${action} ${noun} ${target}`);
  return {
    id,
    saves: save !== undefined,
    scope: primitive.scope,
    ...(limit === undefined ? {} : { limit }),
    takes: primitive.takes(change).map(valueFile),
    code: functions(heading, id, save, primitive.apply(change), primitive.undo(change)),
  };
}

function settlePart({ id, action, after, by }: Stage['settles'][number]): Part {
  const type = settleTypeOf(action);
  const { scope, limit } = type;
  const save = type.save?.(action);
  const why =
    after.length > 0
      ? `once after ${after.join(', ')}`
      : `for ${[...new Set(by.map(({ stepName }) => stepName))].join(', ')}`;
  const heading = comment(`${id}. settle ${type.key(action)}, ${why}`);
  const code = functions(heading, id, save, type.apply(action), type.undo(action));
  return { id, saves: save !== undefined, scope, limit, takes: [], code };
}

function functions(heading: Sh, id: string, save: Sh | undefined, apply: Sh, undo: Sh): Sh {
  const body = (verb: string, fragment: Sh) =>
    raw(`${verb}_${id}() {\n${indent(lines(raw(':'), fragment))}\n}`);
  return lines(raw(''), heading, save && body('save', save), body('apply', apply), body('undo', undo));
}

/** A user's text as one comment line. */
function comment(text: string): Sh {
  return raw(`# ${escapeControl(text.replace(/\s+/g, ' '))}`);
}
