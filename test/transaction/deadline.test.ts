import { describe, expect, it } from 'vitest';
import { clock } from '../../src/transaction/clock.ts';
import { controlProgram } from '../../src/transaction/control.ts';
import { runtime } from '../../src/transaction/runtime.ts';

const control = controlProgram({ holder: 'me@here', confirmTimeout: 120, hardCap: 3600 });

describe('a deadline', () => {
  it('counts seconds since boot', () => {
    expect(clock.text).toContain('</proc/uptime');
  });

  it('uses no wall clock: the time of day is only printed, for people', () => {
    const lines = [
      ...control.split('\n'),
      ...runtime({ scopes: [], takesValues: true }).text.split('\n'),
    ].filter((line) => /\bdate\b/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^ *printf '%s (since|at=)%?/);
  });

  it('is kept by a timer that no clock change moves', () => {
    expect(control).toContain('--on-active');
    expect(control).not.toMatch(/--on-calendar|OnCalendar/);
  });
});
