/** Rows under a header; titles are empty if the rows need none. Escaped. */
export interface FacetTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
