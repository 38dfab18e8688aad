import { inspect } from 'node:util';
import type { Logger } from '../../../src/ports/index.ts';

/** Everything that a person or a program may come to see of an error, hidden properties and causes included. */
export function everythingShown(error: unknown, log: readonly unknown[]): string {
  const chain: unknown[] = [];
  for (let current = error; current instanceof Error; current = current.cause)
    chain.push(current.message, current.stack, Object.entries(current));
  return [
    inspect(error, { depth: Infinity, showHidden: true, getters: true }),
    JSON.stringify(error),
    String(error),
    inspect(chain, { depth: Infinity }),
    inspect(log, { depth: Infinity }),
  ].join('\n');
}

/** A logger that keeps every line with its details. */
export function recordingLogger(): { logger: Logger; lines: unknown[] } {
  const lines: unknown[] = [];
  const write = (message: string, details?: unknown): void => void lines.push(message, details);
  return { lines, logger: { debug: write, info: write, warn: write, error: write } };
}
