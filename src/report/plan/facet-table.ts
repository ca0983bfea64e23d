/** Rows under a header; the titles are empty where the rows speak for themselves. Escaped. */
export interface FacetTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
