import type { NetworkBackend } from './backend.ts';
import { ifupdown } from './ifupdown/backend.ts';

/** Every network manager whose files meshbook writes. */
export const backends: readonly NetworkBackend[] = [ifupdown];
