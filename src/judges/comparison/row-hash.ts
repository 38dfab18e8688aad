import { CELL_SEPARATOR, NULL_CELL } from './cell.ts';

export type Rows = readonly (readonly string[])[];

const SEPARATOR = CELL_SEPARATOR.charCodeAt(0);

/** Hashes of rows over some of their columns. */
export interface RowHashes {
  /** 32 bits a row; equal rows have equal ones. */
  readonly hashes: Int32Array;
  /** Of all rows in whatever order: 64 bits as 16 hex characters, for pruning and fingerprints. */
  readonly digest: string;
}

/**
 * Hashes every row over the chosen columns.
 *
 * Reads the characters where they are: putting a text together for each row costs more than all the rest
 * of a comparison. The digest adds up one hash per row, so it needs no sorting.
 */
export function hashRows(rows: Rows, columns: readonly number[]): RowHashes {
  const hashes = new Int32Array(rows.length);
  let [high, low] = [0, 0];
  rows.forEach((row, index) => {
    let h1 = 0xde_ad_be_ef;
    let h2 = 0x41_c6_ce_57;
    for (const column of columns) {
      const cell = row[column] ?? NULL_CELL;
      for (let at = 0; at < cell.length; at++) {
        const code = cell.charCodeAt(at);
        h1 = Math.imul(h1 ^ code, 2_654_435_761);
        h2 = Math.imul(h2 ^ code, 1_597_334_677);
      }
      h1 = Math.imul(h1 ^ SEPARATOR, 2_654_435_761);
      h2 = Math.imul(h2 ^ SEPARATOR, 1_597_334_677);
    }
    // Without the final mixing, sums of similar rows collide.
    h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
    h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
    high = (high + h1) | 0;
    low = (low + h2) | 0;
    hashes[index] = h1;
  });
  return { hashes, digest: hex(high) + hex(low) };
}

const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
