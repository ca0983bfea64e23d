/**
 * What a change touches, which decides when a boot-time undo can restore it: files first, OVSDB rows once
 * ovsdb-server is up; live state is gone with the boot.
 */
export type Scope = 'disk' | 'ovsdb' | 'live';
