import type { CheckState } from '../../checks/result.ts';
import type { Style } from '../text/paint.ts';

export const stateSigns: Readonly<Record<CheckState, string>> = { ok: '✓', failed: '✗', unknown: '?' };

export const stateStyles: Readonly<Record<CheckState, Style>> = {
  ok: 'green',
  failed: 'red',
  unknown: 'yellow',
};
