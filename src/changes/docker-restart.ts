import { raw } from '../sh/sh.ts';

const restart = raw('systemctl restart docker.service');

/** Restarts the Docker daemon so that it reads its options anew. */
export const dockerRestart = { apply: restart, undo: restart };
