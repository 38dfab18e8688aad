import type { CatalogPort, Clock, FileStore, GeniePort, SqlPort } from '../ports/index.ts';

/** Everything that a change touches. */
export interface ChangePorts {
  readonly genie: GeniePort;
  readonly sql: SqlPort;
  readonly catalog: CatalogPort;
  /** Only for changes of files. */
  readonly files: FileStore;
  readonly clock: Clock;
}
