import { OptimizerError } from '../core/index.ts';

/** A text or value that is no serialized space; the message names the path and the fix. Code `SPACE_FORMAT`. */
export class SpaceFormatError extends OptimizerError {
  constructor(path: string, problem: string, fix: string, cause?: unknown) {
    super(`The space cannot be read${path === '' ? '' : ` at ${path}`}: ${problem}. ${fix}`, {
      code: 'SPACE_FORMAT',
      details: { path },
      cause,
    });
  }
}
