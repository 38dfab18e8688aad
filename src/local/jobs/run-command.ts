import { spawn } from 'node:child_process';
import { OptimizerError } from '../../core/index.ts';
import type { CommandJob, LocalJobContext } from './local-job.ts';

/** Characters of the error output that a failure keeps. */
const ERROR_TAIL = 2000;

/** A process that is asked to end and does not is killed after this. */
const GRACE_MS = 5000;

/** The command of a job ended with an error. Code `JOB_COMMAND_FAILED`. */
export class JobCommandError extends OptimizerError {
  constructor(problem: string, cause?: unknown) {
    super(problem, { code: 'JOB_COMMAND_FAILED', cause });
  }
}

/** Runs the command of a job to its end and gives its standard output. @throws {JobCommandError} */
export function runCommand(job: CommandJob, context: LocalJobContext): Promise<string> {
  const [program, ...args] = job.command.map((part) => filled(part, context.parameters));
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? '', args, {
      cwd: job.cwd,
      env: { ...job.env, DATABRICKS_HOST: context.host, DATABRICKS_TOKEN: context.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let errors = '';
    let kill: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    };
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-ERROR_TAIL);
    });
    child.once('error', (cause) => {
      settle();
      reject(
        new JobCommandError(`The command '${program ?? ''}' cannot be started: ${cause.message}`, cause),
      );
    });
    child.once('close', (code, signal) => {
      settle();
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else
        reject(
          new JobCommandError(
            `The command ended with ${code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}`}. ${errors.trim()}`.trim(),
          ),
        );
    });
    const settle = () => {
      clearTimeout(kill);
      context.signal.removeEventListener('abort', stop);
    };
    if (context.signal.aborted) stop();
    else context.signal.addEventListener('abort', stop, { once: true });
  });
}

const filled = (text: string, parameters: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{\s*job\.parameters\.([\w-]+)\s*\}\}/g, (_, name: string) => parameters[name] ?? '');
