import { stringOption, UsageError, type CliValues } from '../command.ts';

/**
 * Reads an option of the form `a=b,c=d`; `undefined` where it is not given.
 *
 * @throws {UsageError}
 */
export function pairsOption(values: CliValues, name: string): Record<string, string> | undefined {
  const text = stringOption(values, name);
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      const key = pair.slice(0, at).trim();
      if (at < 0 || key === '')
        throw new UsageError(`Option --${name} takes name=value pairs, got '${pair}'.`);
      return [key, pair.slice(at + 1).trim()];
    }),
  );
}
