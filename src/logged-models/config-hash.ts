import { hashOf } from '../core/index.ts';
import { serializeSpace, type Space } from '../spaces/index.ts';
import { sortedRows, type UcMetadata } from './metadata.ts';

/**
 * What a version of a space is: its content and what Unity Catalog says of its schemas. First 12 hex of a SHA-256.
 *
 * Etags, times, the order of query results and the order of lists in the space do not matter.
 * @see spec/logged-model-lifecycle.md §2
 */
export const configHash = (space: Space, metadata: UcMetadata): string =>
  hashOf({
    genie_config: JSON.parse(serializeSpace(space)) as unknown,
    uc_columns: sortedRows('columns', metadata.columns),
    uc_tags: sortedRows('tags', metadata.tags),
    uc_routines: sortedRows('routines', metadata.routines),
  }).slice(0, 12);

/** A domain as it may stand in a name: lower case, everything but letters, digits, `_` and `-` becomes `-`. */
export const nameOfDomain = (domain: string): string => domain.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-');

/** `genie-{domain}-iter{iteration}-{hash}`. */
export const modelName = (domain: string, iteration: number, hash: string): string =>
  `genie-${nameOfDomain(domain)}-iter${iteration}-${hash}`;

/** `YYYYMMDD_HHMMSS` in UTC, as it stands in names of runs. */
export const runStamp = (now: Date): string =>
  now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
