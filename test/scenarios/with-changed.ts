/** The same object with one property in place of its own; methods keep their private fields. */
export const withChanged = <T extends object, K extends keyof T>(target: T, key: K, value: T[K]): T =>
  new Proxy(target, {
    get: (object, name) => {
      if (name === key) return value;
      const own = Reflect.get(object, name) as unknown;
      return typeof own === 'function' ? (own as (...args: unknown[]) => unknown).bind(object) : own;
    },
  });
