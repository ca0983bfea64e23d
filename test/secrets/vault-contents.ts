/** The contents of vaults, each with its title. */
export const contents: readonly [string, Buffer][] = [
  ['a word', Buffer.from('correct-horse-battery')],
  ['lines', Buffer.from('a: 1\nb: "zwei"\n')],
  ['letters beyond ASCII', Buffer.from('schön 𝄞\n')],
  ['sixteen bytes, a whole block', Buffer.from('0123456789abcdef')],
  ['nothing', Buffer.alloc(0)],
  ['bytes that are no text', Buffer.from([0, 255, 10, 13, 0, 128])],
];
