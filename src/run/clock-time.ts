/** `15:04:05` in the user's own time zone. */
export function clockTime(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
