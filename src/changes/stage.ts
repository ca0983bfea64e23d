interface StageOf<Name extends string> {
  readonly name: Name;
  /**
   * Whether hosts are armed before it begins, so that they undo it by themselves, each at its deadline or at its next
   * boot. One stage is: it is the one that a run confirms, and that an undo compares with what is there now.
   */
  readonly armed: boolean;
  /** Whether an undo of its run takes it back, or only one that asks for this stage (`undo --packages`). */
  readonly undone: 'with-run' | 'on-request';
}

function define<const Name extends string>(...all: readonly StageOf<Name>[]): readonly StageOf<Name>[] {
  return all;
}

/** The parts of a plan that one host program each carries out, in their order. */
const table = define(
  // What installs packages may take longer than any deadline, and what they bring can't be taken back whole.
  { name: 'packages', armed: false, undone: 'on-request' },
  { name: 'main', armed: true, undone: 'with-run' },
);

export type StageName = (typeof table)[number]['name'];

/** In the order in which they are carried out. */
export const stageNames: readonly StageName[] = table.map(({ name }) => name);

/** The stage that hosts are armed for. */
export const armedStage: StageName = namesWhere(({ armed }) => armed)[0] as StageName;

/** Whether hosts are armed before the stage begins. */
export function isArmedStage(name: StageName): boolean {
  return name === armedStage;
}

/** The stages that an undo takes back only when it is asked for them. */
export const stagesOnRequest: readonly StageName[] = namesWhere(({ undone }) => undone === 'on-request');

/** Whether an undo takes the stage back; `onRequest`: those that have to be asked for, too. */
export function isUndoneStage(name: StageName, onRequest = false): boolean {
  return onRequest || !stagesOnRequest.includes(name);
}

function namesWhere(is: (stage: StageOf<StageName>) => boolean): readonly StageName[] {
  return table.filter(is).map(({ name }) => name);
}
