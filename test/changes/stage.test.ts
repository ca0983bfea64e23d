import { describe, expect, it } from 'vitest';
import { bootPasses } from '../../src/changes/scope.ts';
import { armedStage, isArmedStage, isUndoneStage, stageNames } from '../../src/changes/stage.ts';

describe('stages', () => {
  it('end with the one that hosts are armed for, which an undo always takes back', () => {
    expect(stageNames.filter(isArmedStage)).toEqual([armedStage]);
    expect(stageNames.at(-1)).toBe(armedStage);
    expect(isUndoneStage(armedStage)).toBe(true);
  });

  it('take back packages only on request', () => {
    expect(isUndoneStage('packages')).toBe(false);
    expect(isUndoneStage('packages', true)).toBe(true);
  });
});

describe('passes of an undo at boot', () => {
  it('begin with one that nothing else comes before', () => {
    expect(bootPasses.map(({ early = false }) => early).indexOf(true)).toBe(0);
    expect(bootPasses.filter(({ early }) => early)).toHaveLength(1);
  });
});
