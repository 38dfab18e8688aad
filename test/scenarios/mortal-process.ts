import type { MemoryFileStore } from '../../src/testing/index.ts';

/** When a process dies: at the write before which, or right after the write after which, the answer is yes. */
export interface Death {
  readonly before?: () => boolean;
  readonly after?: (writes: number, text: string) => boolean;
}

/**
 * A process that dies at a write to its files with `dead`: nothing it does later has an effect on them, or on what
 * `mortal` was put around.
 */
export function mortalProcess(store: MemoryFileStore, { before, after }: Death) {
  let isDead = false;
  const die = (): never => {
    throw new RangeError('dead');
  };
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const value = Reflect.get(object, name) as unknown;
        if (typeof value === 'function')
          return isDead ? die : (value as (...args: unknown[]) => unknown).bind(object);
        return typeof value === 'object' && value !== null ? mortal(value) : value;
      },
    });
  const write = async (path: string, text: string): Promise<void> => {
    isDead ||= before?.() ?? false;
    if (isDead) die();
    await store.write(path, text);
    isDead ||= after?.(store.writes(), text) ?? false;
    if (isDead) die();
  };
  return {
    mortal,
    files: { ...store, write },
    /** Lets it die now. */
    dies: (): never => {
      isDead = true;
      return die();
    },
  };
}
