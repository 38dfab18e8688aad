import { parse } from 'yaml';
import { messageOf, OptimizerError } from '../../core/index.ts';
import type { FileStore } from '../../ports/index.ts';
import { stringOption, UsageError, type CliOption, type CliValues } from '../command.ts';
import { meantName } from '../parse-words.ts';

/** Option of the commands with many options. */
export const CONFIG_OPTION = {
  config: {
    type: 'string',
    value: 'file',
    help: 'Options of this command in YAML, such as `max-iterations: 3`; flags win over it',
  },
} as const satisfies Record<string, CliOption>;

/**
 * The options given, with those of the file of `--config` where none was given.
 *
 * A list stands for `a,b`, a map for `a=b,c=d`. Names may be written as in code, `maxIterations`.
 *
 * @throws {UsageError} naming every key that is no option of the command
 */
export async function withConfig(
  values: CliValues,
  options: Readonly<Record<string, CliOption>>,
  files: FileStore,
): Promise<CliValues> {
  const path = stringOption(values, 'config');
  if (path === undefined) return values;
  const text = await files.read(path);
  if (text === null)
    throw new OptimizerError(`There is no file ${path}. Check --config.`, {
      code: 'FILE_NOT_FOUND',
      details: { file: path },
    });
  const content = parsed(text, path);
  const wrong = Object.keys(content).filter((key) => !isOption(kebab(key), options));
  if (wrong.length > 0) throw new UsageError(wrong.map((key) => unknownKey(key, path, options)).join('\n'));
  const configured = Object.entries(content).map(([key, value]) => {
    const name = kebab(key);
    return [name, valueOf(value, name, options[name]?.type ?? 'string', path)] as const;
  });
  return { ...Object.fromEntries(configured), ...values };
}

const isOption = (name: string, options: Readonly<Record<string, CliOption>>): boolean =>
  Object.hasOwn(options, name) && name !== 'config';

const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is no YAML: ${messageOf(cause)}`);
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new UsageError(`${path} must hold options with their values, such as 'max-iterations: 3'.`);
  return content as Readonly<Record<string, unknown>>;
}

function unknownKey(key: string, path: string, options: Readonly<Record<string, CliOption>>): string {
  const near = meantName(kebab(key), Object.keys(options));
  return `${path}: there is no option '${key}'.${near === null ? '' : ` Did you mean '${near}'?`}`;
}

function valueOf(
  value: unknown,
  name: string,
  type: CliOption['type'],
  path: string,
): string | boolean | undefined {
  if (value === null) return undefined;
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value;
    throw new UsageError(`${path}: '${name}' must be true or false.`);
  }
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(String).join(',');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([key, part]) => `${key}=${String(part)}`)
      .join(',');
  throw new UsageError(`${path}: '${name}' needs a value, got ${JSON.stringify(value)}.`);
}
