import { OptimizerError } from '../core/index.ts';

/** The requested TCP port is taken. Code `PORT_IN_USE`. */
export class PortInUseError extends OptimizerError {
  constructor(hostname: string, port: number, cause?: unknown) {
    super(`Port ${port} on ${hostname} is in use. Pass port: 0 for any free port, or another number.`, {
      code: 'PORT_IN_USE',
      details: { hostname, port },
      cause,
    });
  }
}

/** A folder of a sample cannot be loaded; the message names the file, the line where known, and the fix. Code `SAMPLE`. */
export class SampleError extends OptimizerError {
  constructor(
    problem: string,
    place: { readonly file: string; readonly line?: number | undefined; readonly cause?: unknown },
  ) {
    const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
    super(`${where}: ${problem}`, {
      code: 'SAMPLE',
      details: { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) },
      cause: place.cause,
    });
  }
}

/** The state file cannot be used: another process holds it, it is damaged, or it belongs to another sample. Code `STATE_FILE`. */
export class StateFileError extends OptimizerError {
  constructor(file: string, problem: string, cause?: unknown) {
    super(`State file ${file}: ${problem}`, { code: 'STATE_FILE', details: { file }, cause });
  }
}
