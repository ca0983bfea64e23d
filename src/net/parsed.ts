/** The result of parsing one text: a value, or what is wrong with it, as a sentence without a full stop. */
export type Parsed<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined };
