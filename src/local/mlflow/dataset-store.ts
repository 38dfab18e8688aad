/** An evaluation dataset with its records. */
export interface DatasetEntry {
  readonly datasetId: string;
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly experimentIds: string[];
  readonly tags: Map<string, string>;
  readonly records: DatasetRecordEntry[];
}

export interface DatasetRecordEntry {
  readonly recordId: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expectations: Record<string, unknown>;
  readonly tags: Record<string, string>;
  readonly source: unknown;
}
