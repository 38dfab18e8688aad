/**
 * How each built-in function of Databricks is said to DuckDB.
 *
 * Calls are renamed to `dbx_<name>` before parsing, so that the parser leaves them alone; afterwards
 * `SAME_FUNCTIONS` and `RENAMED_FUNCTIONS` get a DuckDB name, `MACROS` exist in the engine under the
 * prefixed name (compat-macros.ts), and what needs the tree is in function-rules.ts.
 */
export const FUNCTION_PREFIX = 'dbx_';

/** Rules for calls that keep their name: the parser reads their arguments in a way of its own. */
export const KEPT_NAMES = new Set(['concat', 'struct']);

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Same name and meaning in DuckDB. */
export const SAME_FUNCTIONS = new Set(
  words(`
    abs acos asin atan atan2 cbrt cos cot degrees exp ln log2 log10 pi radians sign sin sqrt tan cosh sinh tanh
    lower upper reverse repeat replace translate ascii chr concat_ws left right starts_with ends_with
    coalesce nullif greatest least md5 round power
    count_if bool_and bool_or any_value median corr covar_pop covar_samp stddev stddev_samp stddev_pop
    variance var_samp var_pop skewness kurtosis bit_and bit_or bit_xor regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy regr_sxx regr_sxy regr_syy mode
    map_concat map_entries map_from_entries printf
    contains
  `),
);

/** Another name in DuckDB, same arguments in the same order. */
export const RENAMED_FUNCTIONS: Readonly<Record<string, string>> = {
  nvl: 'coalesce',
  ifnull: 'coalesce',
  pow: 'power',
  std: 'stddev',
  lcase: 'lower',
  ucase: 'upper',
  startswith: 'starts_with',
  endswith: 'ends_with',
  char: 'chr',
  signum: 'sign',
  array: 'list_value',
  array_append: 'list_append',
  array_contains: 'list_contains',
  array_distinct: 'list_distinct',
  array_intersect: 'list_intersect',
  array_max: 'list_max',
  array_min: 'list_min',
  flatten: 'flatten',
  map_keys: 'map_keys',
  map_values: 'map_values',
  max_by: 'arg_max',
  min_by: 'arg_min',
  every: 'bool_and',
  some: 'bool_or',
  approx_count_distinct: 'approx_count_distinct',
  string_agg: 'string_agg',
  uuid: 'uuid',
  format_string: 'printf',
};
