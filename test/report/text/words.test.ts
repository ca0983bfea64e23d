import { describe, expect, it } from 'vitest';
import { settle } from '../../../src/changes/settle.ts';
import { settleWords, summaryWords } from '../../../src/report/text/words.ts';

describe('a Docker that is stopped and stays stopped', () => {
  it('is described as left stopped in plan and progress, and is no risk', () => {
    const words = 'leave Docker stopped: only its files are written';
    expect(settleWords('docker-stopped')).toBe(words);
    expect(summaryWords('settle docker-stopped')).toBe(words);
    expect(settle('docker-stopped').restartsDocker).toBe(false);
    expect(settle('docker').restartsDocker).toBe(true);
  });
});
