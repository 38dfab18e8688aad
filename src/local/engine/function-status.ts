import { MACROS } from './compat-macros.ts';
import { PLAIN_CALLS } from './expand-functions.ts';
import { RENAMED_FUNCTIONS, SAME_FUNCTIONS } from './function-catalog.ts';
import { FUNCTION_RULES } from './function-rules.ts';
import { GENERATORS, NAME_FUNCTIONS } from './generators.ts';
import { UNSUPPORTED_FUNCTIONS } from './unsupported-functions.ts';

/** `differs`: works, with a difference that `note` names. `refused`: fails and says that it is a limit of the engine. */
export type FunctionStatus =
  | { readonly name: string; readonly status: 'works' | 'refused' }
  | { readonly name: string; readonly status: 'differs'; readonly note: string };

/** Calls that only the translation itself writes. */
const INTERNAL =
  /^(?:(?:try_)?cast_(?:big)?int(?:_late)?|or_null|if_filled|json_or_empty|plus_interval|minus_interval|full_months|divide|int_divide|list_value|generate_subscripts|unnest|rollup|cube|grouping sets|interval)$/;

const DIFFERENCES: Readonly<Record<string, string>> = {
  approx_count_distinct: 'counts exactly',
  approx_percentile: 'takes the exact percentile',
  percentile_approx: 'takes the exact percentile',
  hash: 'other numbers',
  xxhash64: 'other numbers',
  sha2: 'always 256 bits',
  rand: 'ignores its seed',
  split: 'ignores its limit',
  date_format: 'the common pattern letters; others are refused',
  to_char: 'dates only',
  printf: 'the format language of C++, not of Java',
  format_string: 'the format language of C++, not of Java',
  typeof: 'simple types',
  parse_json: 'a VARIANT is a JSON text',
  try_parse_json: 'a VARIANT is a JSON text',
  version: 'says that it is the embedded engine',
  current_user: 'one user, whoever asks',
  session_user: 'one user, whoever asks',
  user: 'one user, whoever asks',
  struct: 'a NULL field compares as the greatest, not as the least',
  from_json: 'without options; the schema is a literal',
};

/** Every built-in function of Databricks that the engine knows of, by name. A name that is not here is `UNRESOLVED_ROUTINE`. */
export function functionStatuses(): FunctionStatus[] {
  const working = [
    ...SAME_FUNCTIONS,
    ...Object.keys(RENAMED_FUNCTIONS),
    ...Object.keys(FUNCTION_RULES),
    ...Object.keys(MACROS),
    ...Object.keys(NAME_FUNCTIONS),
    ...GENERATORS,
    ...PLAIN_CALLS,
  ].filter((name) => !INTERNAL.test(name));
  const names = new Set(working);
  const refused = [...UNSUPPORTED_FUNCTIONS].filter((name) => !names.has(name));
  return [...names, ...refused]
    .sort((left, right) => (left < right ? -1 : 1))
    .map((name) => {
      const note = DIFFERENCES[name];
      if (!names.has(name)) return { name, status: 'refused' };
      return note === undefined ? { name, status: 'works' } : { name, status: 'differs', note };
    });
}
