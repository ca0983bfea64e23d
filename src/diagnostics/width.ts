const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
// East Asian Wide and Fullwidth (Unicode UAX #11), by script, and pictures that terminals draw two columns wide.
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The grapheme clusters of a line, each with its offset and its width on a terminal. */
export function graphemes(line: string): { text: string; offset: number; width: number }[] {
  return Array.from(segmenter.segment(line), ({ segment, index }) => ({
    text: segment,
    offset: index,
    width: invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1,
  }));
}
