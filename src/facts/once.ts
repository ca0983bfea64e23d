/** The same parser with a cache by text: most hosts of a fleet have equal texts. */
export function once<T>(takeApart: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= 1000) known.clear();
    const parts = takeApart(text);
    known.set(text, parts);
    return parts;
  };
}
