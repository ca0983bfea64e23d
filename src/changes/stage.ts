interface StageOf<Name extends string> {
  readonly name: Name;
  /**
   * Whether hosts are armed before it begins, so that each undoes it by itself at its deadline or its next boot.
   * Exactly one stage is: a run confirms it, and an undo compares it with the present state.
   */
  readonly armed: boolean;
  /** Whether every undo of its run undoes it, or only one that asks for this stage (`undo --packages`). */
  readonly undone: 'with-run' | 'on-request';
}

function define<const Name extends string>(...all: readonly StageOf<Name>[]): readonly StageOf<Name>[] {
  return all;
}

/** The parts of a plan, each carried out by one host program, in order. */
const table = define(
  // Installing packages may take longer than any deadline, and can't be undone completely.
  { name: 'packages', armed: false, undone: 'on-request' },
  { name: 'main', armed: true, undone: 'with-run' },
);

export type StageName = (typeof table)[number]['name'];

/** In the order in which they are carried out. */
export const stageNames: readonly StageName[] = table.map(({ name }) => name);

/** The stage for which hosts are armed. */
export const armedStage: StageName = namesWhere(({ armed }) => armed)[0] as StageName;

/** Whether hosts are armed before the stage begins. */
export function isArmedStage(name: StageName): boolean {
  return name === armedStage;
}

/** The stages that are undone only on request. */
export const stagesOnRequest: readonly StageName[] = namesWhere(({ undone }) => undone === 'on-request');

/** Whether an undo undoes the stage; with `onRequest`, also those undone only on request. */
export function isUndoneStage(name: StageName, onRequest = false): boolean {
  return onRequest || !stagesOnRequest.includes(name);
}

function namesWhere(is: (stage: StageOf<StageName>) => boolean): readonly StageName[] {
  return table.filter(is).map(({ name }) => name);
}
