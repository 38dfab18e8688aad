import { compareCodeUnits, shortName } from '../../core/index.ts';
import type { TableUse } from '../../sql/index.ts';
import type { SchemaFunction } from '../schema.ts';
import { extendSections } from './descriptions.ts';
import type { Change, Draft, Generator } from './draft.ts';

interface ArgumentCase {
  readonly fn: SchemaFunction;
  readonly questions: Set<string>;
  /** By position: texts of the answer keys and of the answers that differed. */
  readonly expected: Map<number, Set<string>>;
  readonly generated: Map<number, Set<string>>;
}

/** States form and NULL rule of arguments that answers passed otherwise than the answer keys. */
export const proposeArguments: Generator = ({ rows, schema }) => {
  const cases = new Map<string, ArgumentCase>();
  for (const { row, failed } of rows) {
    if (!failed || row.facts.generated === null) continue;
    for (const wanted of row.facts.expected.tables.filter((use) => use.kind === 'function')) {
      const fn = schema.function(wanted.name);
      const found = row.facts.generated.tables.find(
        (use) => use.kind === 'function' && schema.function(use.name)?.key === fn?.key,
      );
      if (fn === null || found === undefined) continue;
      const [left, right] = [byPosition(wanted, fn), byPosition(found, fn)];
      for (const position of new Set([...left.keys(), ...right.keys()])) {
        if (left.get(position) === right.get(position)) continue;
        const entry = cases.get(fn.key) ?? {
          fn,
          questions: new Set(),
          expected: new Map(),
          generated: new Map(),
        };
        entry.questions.add(row.question_id);
        addTo(entry.expected, position, left.get(position) ?? 'NULL');
        addTo(entry.generated, position, right.get(position) ?? '');
        cases.set(fn.key, entry);
      }
    }
  }
  return [...cases].sort(([a], [b]) => compareCodeUnits(a, b)).flatMap(([, entry]) => proposeCase(entry));
};

const addTo = (map: Map<number, Set<string>>, position: number, text: string): unknown =>
  map.set(position, (map.get(position) ?? new Set()).add(text));

/** Arguments by position in the signature; named ones are put in their place. */
function byPosition(use: TableUse, fn: SchemaFunction): Map<number, string> {
  return new Map(
    use.args.map((arg, at) => {
      const named =
        arg.name === null
          ? -1
          : fn.parameters.findIndex((parameter) => parameter.name.toLowerCase() === arg.name?.toLowerCase());
      return [named >= 0 ? named : at, arg.text.trim()];
    }),
  );
}

function proposeCase(entry: ArgumentCase): Draft[] {
  const lines = [...entry.expected]
    .sort(([a], [b]) => a - b)
    .flatMap(([position, texts]) => {
      const parameter = entry.fn.parameters[position];
      const rule =
        parameter === undefined
          ? null
          : ruleFor([...texts], [...(entry.generated.get(position) ?? [])], parameter.type);
      return parameter === undefined || rule === null ? [] : [`${parameter.name} ${parameter.type}: ${rule}`];
    });
  if (lines.length === 0) return [];
  const name = shortName(entry.fn.key);
  const call = `${name}(${entry.fn.parameters.map((parameter) => `<${parameter.name}>`).join(', ')})`;
  const change: Change = {
    type: 'update_tvf_comment',
    function: entry.fn.name,
    sections: extendSections(entry.fn, { params: lines.join('; '), syntax: `SELECT * FROM ${call}` }, '; '),
  };
  return [
    {
      failure_type: 'tvf_parameter_error',
      question_ids: [...entry.questions].sort(compareCodeUnits),
      changes: [change],
      reason: `arguments of ${name} were passed in another form than it takes`,
      confidence: Math.min(0.85, 0.55 + 0.1 * entry.questions.size),
    },
  ];
}

const isQuotedNull = (text: string): boolean => /^'null'$/i.test(text);

/** A rule that holds for every value, read from the form of the values; `null` when none shows. */
function ruleFor(expected: readonly string[], generated: readonly string[], type: string): string | null {
  if (generated.some(isQuotedNull))
    return "when the question does not restrict it pass NULL without quotes, never 'NULL'";
  if (expected.every((text) => /^null$/i.test(text)))
    return 'pass NULL when the question does not restrict it';
  if (
    expected.every((text) => /^-?\d+(?:\.\d+)?$/.test(text)) &&
    generated.some((text) => text.startsWith("'"))
  ) {
    return `a ${type === '' ? 'number' : type} without quotes`;
  }
  return formOf(expected);
}

/** The form that all values of an argument have; `null` when none shows. */
export function formOf(expected: readonly string[]): string | null {
  if (expected.every((text) => /^(?:19|20)\d{2}$/.test(text))) return 'the year, as in 2020';
  if (expected.every((text) => /^(?:date\s*)?'\d{4}-\d{2}-\d{2}'$/i.test(text)))
    return "a date as 'YYYY-MM-DD'";
  if (expected.every((text) => /^'\d{4}-\d{2}'$/.test(text))) return "a month as 'YYYY-MM'";
  if (expected.every((text) => /current_date|current_timestamp/i.test(text)))
    return 'an expression on current_date(), not a fixed date';
  const strings = expected.flatMap((text) => /^'(.*)'$/s.exec(text)?.[1] ?? []);
  if (strings.length === expected.length && strings.length > 0) {
    if (strings.every((text) => text === text.toUpperCase() && /[A-Z]/.test(text))) return 'in upper case';
    if (strings.every((text) => text === text.toLowerCase() && /[a-z]/.test(text))) return 'in lower case';
    if (strings.every((text) => /^\p{Lu}[^\p{Lu}]*$/u.test(text))) return 'with a capital first letter';
  }
  return null;
}
