/** Labs side by side: two where everything runs, one for whoever tries a few files. */
export const labsAtOnce = process.env.CI ? 2 : 1;
