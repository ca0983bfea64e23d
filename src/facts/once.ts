/**
 * The same reader, which takes each text apart once: the hosts of a fleet mostly have the same. `most` texts are kept;
 * those that were cut out of larger ones keep these in memory.
 */
export function once<T>(takeApart: (text: string) => T, most = 1000): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const parts = takeApart(text);
    known.set(text, parts);
    return parts;
  };
}
