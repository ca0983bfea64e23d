import { describe, expect, it } from 'vitest';
import { bootPasses } from '../../src/changes/scope.ts';
import { armedStage, isArmedStage, isUndoneStage, stageNames } from '../../src/changes/stage.ts';

describe('stages', () => {
  it('end with the one for which hosts are armed, which an undo always restores', () => {
    expect(stageNames.filter(isArmedStage)).toEqual([armedStage]);
    expect(stageNames.at(-1)).toBe(armedStage);
    expect(isUndoneStage(armedStage)).toBe(true);
  });

  it('undo packages only on request', () => {
    expect(isUndoneStage('packages')).toBe(false);
    expect(isUndoneStage('packages', true)).toBe(true);
  });
});

describe('passes of an undo at boot', () => {
  it('begin with one that has no predecessor', () => {
    expect(bootPasses.map(({ early = false }) => early).indexOf(true)).toBe(0);
    expect(bootPasses.filter(({ early }) => early)).toHaveLength(1);
  });
});
