/** Labs in parallel: two if everything runs, one for a user who runs a few files. */
export const labsAtOnce = process.env.CI ? 2 : 1;
