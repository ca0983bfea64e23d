import { describe, expect, it } from 'vitest';
import { settleTypeOf } from '../../../src/changes/settle/registry.ts';
import { settleWords, summaryWords } from '../../../src/report/text/words.ts';

const stays = { type: 'docker-restart', stopped: true } as const;
const restarts = { type: 'docker-restart' } as const;

describe('a Docker that is stopped and stays stopped', () => {
  it('is described as left stopped in plan and progress, and is no risk', () => {
    const words = 'leave Docker stopped: only its files are written';
    expect(settleWords(stays)).toBe(words);
    expect(summaryWords('settle docker-stopped')).toBe(words);
    expect(settleTypeOf(stays).risks(stays)).toEqual([]);
    expect(settleTypeOf(restarts).risks(restarts)).toEqual(['restarts-docker']);
  });
});
