const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
// East Asian Wide and Fullwidth (Unicode UAX #11), by script, and what terminals draw as a two-column picture.
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The user-perceived characters of a line, each with its offset and the columns it takes on a terminal. */
export function graphemes(line: string): { text: string; offset: number; width: number }[] {
  return Array.from(segmenter.segment(line), ({ segment, index }) => ({
    text: segment,
    offset: index,
    width: invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1,
  }));
}
