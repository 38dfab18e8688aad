import type { CatalogPort } from './catalog-port.ts';
import type { GeniePort } from './genie-port.ts';
import type { SqlPort } from './sql-port.ts';

/** Everything the pipeline needs of a Databricks workspace. `connect()` makes one over HTTP. */
export interface Workspace {
  /** Where it is, for messages and reports. Never holds a credential. */
  readonly host: string;
  readonly genie: GeniePort;
  readonly sql: SqlPort;
  readonly catalog: CatalogPort;
}
