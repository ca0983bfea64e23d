import { escapeControl } from '../../diagnostics/escape.ts';

/** `2026-11-21 03:04:05` in the user's own time zone. Escaped. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return escapeControl(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** For a recent time: `03:04:05`. Escaped. */
export function clockTime(iso: string): string {
  return localTime(iso).replace(/^\d{4}-\d\d-\d\d /, '');
}
