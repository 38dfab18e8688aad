/** One coded finding of a validation: data, not an exception. */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** Where, as a readable path: `data_sources.tables[0].column_configs[2].synonyms`. Empty for the whole. */
  readonly path: string;
  /** What is wrong and what to do next. */
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whether a list of findings holds no error (warnings are fine). */
export const hasNoErrors = (problems: readonly Problem[]): boolean =>
  problems.every((problem) => problem.severity !== 'error');
