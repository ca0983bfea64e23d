import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * Keeps the ajv errors (with `verbose`) that matter: those of one branch of each `anyOf` and `oneOf`, and for a value
 * of the wrong type only that.
 */
export function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  // An error in a key's name comes with a second error that there is one.
  return onlyTypeOfMistyped(bestBranches(errors.filter((error) => error.keyword !== 'propertyNames')));
}

function isChoice(error: ErrorObject): boolean {
  return error.keyword === 'anyOf' || error.keyword === 'oneOf';
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`))
  );
}

function bestBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(isChoice);
  // Inner choices are resolved with their branch.
  const outer = choices.filter(
    (choice) => !choices.some((other) => other !== choice && isInside(choice, other)),
  );
  const plain = errors.filter(
    (error) => !isChoice(error) && !outer.some((choice) => isInside(error, choice)),
  );
  return [...plain, ...outer.flatMap((choice) => resolveChoice(choice, errors))];
}

function resolveChoice(choice: ErrorObject, errors: readonly ErrorObject[]): ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    if (error === choice || !isInside(error, choice)) continue;
    const index = error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] ?? '';
    branches.set(index, [...(branches.get(index) ?? []), error]);
  }
  const resolved = [...branches.values()].map(bestBranches);
  // A branch without errors may still match.
  const all = (choice.schema as readonly object[]).length;
  if (choice.keyword === 'anyOf' && resolved.filter((branch) => branch.length > 0).length < all) return [];
  const typed = resolved.filter((branch) => !branch.some((error) => isTypeOf(choice, error)));
  if (typed.length === 0) return [mergedType(choice, resolved.flat())];
  return typed.reduce((best, branch) => (score(branch) < score(best) ? branch : best));
}

function isTypeOf(choice: ErrorObject, error: ErrorObject): boolean {
  return error.keyword === 'type' && error.instancePath === choice.instancePath;
}

/** A branch that refuses another key or another fixed value is probably not the intended one. */
function score(branch: readonly ErrorObject[]): number {
  return branch.reduce((sum, { keyword }) => sum + (keyword === 'const' || keyword === 'enum' ? 10 : 1), 0);
}

/** No branch accepts a value of this type: one error that names all accepted types. */
function mergedType(choice: ErrorObject, errors: readonly ErrorObject[]): ErrorObject {
  const types = errors
    .filter((error) => isTypeOf(choice, error))
    .flatMap((error) => error.params.type as string | string[]);
  return { ...choice, keyword: 'type', params: { type: [...new Set(types)] } };
}

function onlyTypeOfMistyped(errors: readonly ErrorObject[]): ErrorObject[] {
  const mistyped = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  return errors.filter((e) => e.keyword === 'type' || !mistyped.has(e.instancePath));
}
