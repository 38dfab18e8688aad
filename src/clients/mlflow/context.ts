import type { Clock, MlflowFlavor } from '../../ports/index.ts';
import type { HttpClient } from '../http/index.ts';

/** What all parts of the MLflow client share. */
export interface MlflowContext {
  readonly http: HttpClient;
  readonly flavor: MlflowFlavor;
  readonly clock: Clock;
}
