import { type Sh, sh } from '../sh/sh.ts';

/** An undo's command for a unit: if the unit is gone by now, there is nothing to do. */
export function unlessGone(unit: string, command: Sh): Sh {
  return sh`${command} || [ "$(systemctl show --property LoadState --value -- ${unit})" = not-found ]`;
}
