import { isOptimizerError, messageOf, redactSecrets } from '../core/index.ts';
import { exitCodeOfError } from '../pipeline/index.ts';

/** An error as a person reads it: its code and its sentence; of a defect with where it happened. */
export function explainError(error: unknown): string {
  if (isOptimizerError(error)) return `Error [${error.code}]: ${error.message}`;
  const system = systemError(error);
  if (system !== null) return `Error [${system.code}]: ${system.message}`;
  return redactSecrets(
    `Unexpected error, which is a defect of genie-optimizer: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}

/** An error as a program reads it, with the exit code. */
export function errorAsJson(error: unknown): string {
  const told = isOptimizerError(error)
    ? error.toJSON()
    : {
        name: error instanceof Error ? error.name : 'Error',
        code: 'UNEXPECTED',
        message: redactSecrets(messageOf(error)),
        retryable: false,
        details: {},
        ...systemError(error),
      };
  return `${JSON.stringify({ error: told, exit_code: exitCodeOfError(error) }, null, 2)}\n`;
}

/** What the operating system refuses is no defect of ours: a sentence is enough. */
function systemError(error: unknown): { readonly code: string; readonly message: string } | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return null;
  const path = 'path' in error ? ` ${String(error.path)}` : '';
  return {
    code: String(error.code),
    message: redactSecrets(
      `The operating system refused '${String(error.syscall)}'${path} (${error.message.split(',')[0] ?? ''}). Check that the path exists, that you may use it, and that the disk is not full.`,
    ),
  };
}
