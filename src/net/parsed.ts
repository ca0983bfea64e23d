/** The outcome of reading one text: a value, or a sentence without a full stop that says what is wrong with it. */
export type Parsed<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined };
