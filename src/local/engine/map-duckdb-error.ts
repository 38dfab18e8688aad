import { AbortedError, editDistance, messageOf } from '../../core/index.ts';
import type { ScopedRelation } from './relation-scope.ts';
import {
  columnNotFound,
  DatabricksSqlError,
  engineLimit,
  routineNotFound,
  tableNotFound,
} from './sql-error.ts';

const REMEDY = 'If necessary set "ansi_mode" to "false" to bypass this error.';

/** Patterns of DuckDB's messages and what Databricks says in the same case. */
const RULES: readonly [
  pattern: RegExp,
  make: (match: RegExpExecArray, seen: readonly ScopedRelation[]) => DatabricksSqlError,
][] = [
  [
    /DBX:DIVIDE_BY_ZERO/,
    () =>
      new DatabricksSqlError(
        'DIVIDE_BY_ZERO',
        '22012',
        `Division by zero. Use \`try_divide\` to tolerate divisor being 0 and return NULL instead. ${REMEDY}`,
      ),
  ],
  [
    /DBX:REMAINDER_BY_ZERO/,
    () =>
      new DatabricksSqlError(
        'REMAINDER_BY_ZERO',
        '22012',
        `Remainder by zero. Use \`try_mod\` to tolerate divisor being 0 and return NULL instead. ${REMEDY}`,
      ),
  ],
  [
    /DBX:USER_RAISED_EXCEPTION:([\s\S]*)/,
    (match) => new DatabricksSqlError('USER_RAISED_EXCEPTION', 'P0001', match[1] ?? ''),
  ],
  [
    /Referenced column "([^"]+)" (?:was )?not found/,
    (match, seen) => columnNotFound(match[1] ?? '', suggestions(match[1] ?? '', seen)),
  ],
  [
    /Referenced column "([^"]+)" was not found because the FROM clause is missing/,
    (match) => columnNotFound(match[1] ?? '', []),
  ],
  [
    /Table "([^"]+)" does not have a column named "([^"]+)"/,
    (match, seen) => columnNotFound(`${match[1] ?? ''}.${match[2] ?? ''}`, suggestions(match[2] ?? '', seen)),
  ],
  [
    /Values list "([^"]+)" does not have a column named "([^"]+)"/,
    (match, seen) => columnNotFound(`${match[1] ?? ''}.${match[2] ?? ''}`, suggestions(match[2] ?? '', seen)),
  ],
  [
    /Referenced table "([^"]+)" not found/,
    (match, seen) =>
      columnNotFound(
        match[1] ?? '',
        seen
          .map((each) => each.alias)
          .filter((alias) => alias !== '')
          .slice(0, 5),
      ),
  ],
  [
    /Could not find key "([^"]+)" in struct/i,
    (match) =>
      new DatabricksSqlError('FIELD_NOT_FOUND', '42704', `No such struct field \`${match[1] ?? ''}\`.`),
  ],
  [
    /Ambiguous reference to column name "([^"]+)" \(use: (.*)\)/,
    (match) => ambiguous(match[1] ?? '', match[2] ?? ''),
  ],
  [/column "?([^"\s]+)"? must appear in the GROUP BY clause/, (match) => missingAggregation(match[1] ?? '')],
  [/WHERE clause cannot contain (aggregates|window functions)/, (match) => invalidWhere(match[1] ?? '')],
  [
    /aggregate function calls cannot be nested/,
    () =>
      new DatabricksSqlError(
        'NESTED_AGGREGATE_FUNCTION',
        '42607',
        'It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.',
      ),
  ],
  [/Could not convert string '([\s\S]*?)' to (\w+)/, (match) => badCast(match[1] ?? '', match[2] ?? '')],
  [
    /(?:invalid|Invalid) (date|timestamp) field format: \\?"([^"\\]*)/,
    (match) => badCast(match[2] ?? '', match[1] ?? ''),
  ],
  [
    /(date|timestamp) field value out of range: \\?"([^"\\]*)/,
    (match) => badCast(match[2] ?? '', match[1] ?? ''),
  ],
  [
    /Could not parse string "([^"]*)" according to format/,
    (match) =>
      new DatabricksSqlError(
        'CANNOT_PARSE_TIMESTAMP',
        '22007',
        `Text '${match[1] ?? ''}' could not be parsed. Use \`try_to_timestamp\` to tolerate invalid input string and return NULL instead.`,
      ),
  ],
  [
    /Type (\w+) with value (\S+) can't be cast|out of range for the destination type (\w+)|Overflow/i,
    () =>
      new DatabricksSqlError(
        'ARITHMETIC_OVERFLOW',
        '22003',
        `The value does not fit the type of the result. Use 'try_cast' or a wider type. ${REMEDY}`,
      ),
  ],
  [
    /Macro (?:"?)(\w+)\(\)? does not support the supplied arguments/,
    (match) => wrongArguments(match[1] ?? ''),
  ],
  [/Macro function '?(\w+)/, (match) => wrongArguments(match[1] ?? '')],
  [/No function matches the given name and argument types '([^']*)'/, (match) => mismatch(match[1] ?? '')],
  [
    /Cannot (?:compare|mix|combine) (?:values of type )?([\s\S]*?)(?: in |\.|\n|$)/,
    (match) => mismatch(match[1] ?? ''),
  ],
  [
    /Unimplemented type for cast \((\S+) -> (\S+)\)/,
    (match) =>
      new DatabricksSqlError(
        'DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION',
        '42K09',
        `Cannot resolve "CAST" due to data type mismatch: cannot cast "${match[1] ?? ''}" to "${match[2] ?? ''}".`,
      ),
  ],
  [
    /More than one row returned by a subquery/,
    () =>
      new DatabricksSqlError(
        'SCALAR_SUBQUERY_TOO_MANY_ROWS',
        '21000',
        'More than one row returned by a subquery used as an expression.',
      ),
  ],
  [
    /Subquery returns (\d+) columns/,
    (match) =>
      new DatabricksSqlError(
        'INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN',
        '42823',
        `Scalar subquery must return only one column, but returned ${match[1] ?? ''}.`,
      ),
  ],
  [
    /Set operations can only apply to expressions with the same number of result columns/,
    () =>
      new DatabricksSqlError(
        'NUM_COLUMNS_MISMATCH',
        '42826',
        'UNION can only be performed on inputs with the same number of columns.',
      ),
  ],
  [
    /ORDER term out of range|GROUP BY term out of range/,
    (match) =>
      new DatabricksSqlError(
        match[0].startsWith('ORDER') ? 'ORDER_BY_POS_OUT_OF_RANGE' : 'GROUP_BY_POS_OUT_OF_RANGE',
        '42805',
        'The position is not in the select list.',
      ),
  ],
  [
    /Duplicate alias "([^"]+)"/,
    (match) =>
      new DatabricksSqlError(
        'DUPLICATE_RELATION_ALIAS',
        '42712',
        `The alias \`${match[1] ?? ''}\` is used more than once.`,
      ),
  ],
  [
    /(?:Scalar|Aggregate|Table|Macro) Function with name "?(\w+)"? does not exist/i,
    (match) => unknownFunction(match[1] ?? ''),
  ],
  [/Table with name "?([^"\s!]+)"? does not exist/, (match) => tableNotFound(match[1] ?? '')],
  [
    /NOT NULL constraint failed: (\S+)/,
    (match) =>
      new DatabricksSqlError(
        'DELTA_NOT_NULL_CONSTRAINT_VIOLATED',
        '23502',
        `NOT NULL constraint violated for column: ${(match[1] ?? '').split('.').at(-1) ?? ''}.`,
      ),
  ],
];

/** Says a failure of DuckDB in the words of Databricks; what fits no rule is called a limit of the engine. */
export function mapDuckdbError(cause: unknown, seen: readonly ScopedRelation[]): DatabricksSqlError {
  if (cause instanceof DatabricksSqlError) return cause;
  if (cause instanceof AbortedError)
    return new DatabricksSqlError('OPERATION_CANCELED', 'HY008', 'Operation has been canceled.', { cause });
  const message = messageOf(cause);
  for (const [pattern, make] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return make(match, seen);
  }
  // The parser took the statement, so what DuckDB cannot parse is our translation's or DuckDB's lack.
  const [firstLine = ''] = message.split('\n');
  return engineLimit(`This statement (${firstLine})`, cause);
}

/** Qualified names of the columns most like `name`, best first, at most five. */
function suggestions(name: string, seen: readonly ScopedRelation[]): string[] {
  const scored = seen.flatMap((relation) =>
    (relation.columns ?? [])
      .filter((column) => !column.startsWith('__'))
      .map((column) => ({
        text: relation.alias === '' ? column : `${relation.alias}.${column}`,
        distance: editDistance(name.toLowerCase(), column.toLowerCase()),
      })),
  );
  scored.sort((a, b) => a.distance - b.distance);
  return [...new Set(scored.map((each) => each.text))].slice(0, 5);
}

const ambiguous = (name: string, uses: string): DatabricksSqlError => {
  const options = [...uses.matchAll(/"([^"]+)"/g)].map((match) =>
    (match[1] ?? '')
      .split('.')
      .map((part) => `\`${part}\``)
      .join('.'),
  );
  return new DatabricksSqlError(
    'AMBIGUOUS_REFERENCE',
    '42704',
    `Reference \`${name}\` is ambiguous, could be: [${options.join(', ')}].`,
  );
};

const missingAggregation = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'MISSING_AGGREGATION',
    '42803',
    `The non-aggregating expression "${name}" is based on columns which are not participating in the GROUP BY clause.\n` +
      `Add the columns or the expression to the GROUP BY, aggregate the expression, or use "any_value(${name})" if you do not care which of the values within a group is returned.`,
  );

const invalidWhere = (what: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'INVALID_WHERE_CONDITION',
    '42903',
    `The WHERE condition contains invalid expressions: ${what}. Rewrite the query to avoid window functions, aggregate functions, and generator functions in the WHERE clause.`,
  );

const CAST_TYPES: Readonly<Record<string, string>> = {
  INT32: 'INT',
  INT64: 'BIGINT',
  INT16: 'SMALLINT',
  INT8: 'TINYINT',
  BOOL: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

const badCast = (value: string, type: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'CAST_INVALID_INPUT',
    '22018',
    `The value '${value}' of the type "STRING" cannot be cast to "${CAST_TYPES[type] ?? type}" because it is malformed. Correct the value as per the syntax, or change its target type. Use \`try_cast\` to tolerate malformed input and return NULL instead.`,
  );

const plain = (name: string): string => name.toLowerCase().replace(/^dbx_/, '');

const wrongArguments = (name: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
    '42605',
    `The \`${plain(name)}\` requires other parameters than the call supplies. Check their number and types.`,
  );

const mismatch = (what: string): DatabricksSqlError =>
  new DatabricksSqlError(
    'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
    '42K09',
    `Cannot resolve "${plain(what)}" due to data type mismatch. Cast the arguments to matching types.`,
  );

/** A name that only the translation writes means that the translation lacks something. */
const unknownFunction = (name: string): DatabricksSqlError =>
  /^dbx_|^(?:posexplode|posexplode_outer|explode_outer|inline|inline_outer|stack)$/i.test(name)
    ? engineLimit(`The function ${plain(name)}`)
    : routineNotFound(name);
