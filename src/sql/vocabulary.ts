/** Words of the grammar; a name in backticks is never one of them. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  `ALL AND ANTI ANY AS ASC BETWEEN BY CASE CROSS CUBE DESC DISTINCT DISTRIBUTE ELSE END ESCAPE EXCEPT EXISTS FETCH FILTER
  FOR FROM FULL GROUP GROUPING HAVING ILIKE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT MINUS NATURAL
  NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PIVOT QUALIFY RECURSIVE REGEXP RIGHT RLIKE ROLLUP ROWS SELECT SEMI
  SET SETS SOME SORT CLUSTER TABLE TABLESAMPLE THEN UNION UNPIVOT USING VALUES VIEW WHEN WHERE WINDOW WITH WITHIN`.split(
    /\s+/,
  ),
);

/** Keywords after which an opening parenthesis is a function call all the same. */
export const CALLABLE_KEYWORDS: ReadonlySet<string> = new Set(['LEFT', 'RIGHT', 'GROUPING', 'FILTER']);

/** Type names that take arguments: `DECIMAL(10,2)` is no call. */
export const PARAMETRISED_TYPES: ReadonlySet<string> = new Set([
  'DECIMAL',
  'DEC',
  'NUMERIC',
  'VARCHAR',
  'CHAR',
]);

/** Words that end the FROM clause of a SELECT. */
export const CLAUSE_WORDS: ReadonlySet<string> = new Set(
  `WHERE GROUP HAVING QUALIFY ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET WINDOW UNION INTERSECT EXCEPT MINUS SELECT`.split(
    ' ',
  ),
);

/** Aggregates of Databricks SQL, `measure` of metric views included, lower case. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  `any any_value approx_count_distinct approx_percentile approx_top_k array_agg avg bit_and bit_or bit_xor bool_and bool_or
  collect_list collect_set corr count count_if count_min_sketch covar_pop covar_samp every first first_value grouping
  grouping_id histogram_numeric hll_sketch_agg kurtosis last last_value listagg max max_by mean measure median min min_by mode
  percentile percentile_approx percentile_cont percentile_disc product regr_avgx regr_avgy regr_count regr_intercept regr_r2
  regr_slope regr_sxx regr_sxy regr_syy skewness some std stddev stddev_pop stddev_samp string_agg sum try_avg try_sum var_pop
  var_samp variance`.split(/\s+/),
);

/** Functions that exist only with OVER. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead nth_value'.split(' '),
);

/** Table functions of the product that are no asset of a space. */
export const GENERATORS: ReadonlySet<string> = new Set(
  `explode explode_outer posexplode posexplode_outer inline inline_outer stack json_tuple range sequence unnest flatten
  variant_explode variant_explode_outer`.split(/\s+/),
);

/** First argument of `dateadd(month, …)` and the like: a unit, never a column. */
export const DATE_UNIT_FUNCTIONS: ReadonlySet<string> = new Set(
  'dateadd date_add datediff date_diff timestampadd timestampdiff'.split(' '),
);

export const DATE_UNITS: ReadonlySet<string> = new Set(
  'microsecond millisecond second minute hour day dayofyear week month quarter year'.split(' '),
);

/** Functions whose presence makes a predicate a restriction of time, lower case. */
export const DATE_FUNCTIONS: ReadonlySet<string> = new Set(
  `add_months curdate current_date current_timestamp date date_add date_diff date_format date_from_unix_date date_part date_sub
  date_trunc dateadd datediff day dayofmonth dayofweek dayofyear extract from_unixtime getdate hour last_day localtimestamp
  make_date make_timestamp minute month months_between next_day now quarter second timestamp timestampadd timestampdiff
  to_date to_timestamp trunc try_to_date try_to_timestamp unix_timestamp week weekday weekofyear year
  week_of_year day_of_week day_of_month day_of_year`.split(/\s+/),
);
