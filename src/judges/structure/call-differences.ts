import type { Difference } from './difference.ts';
import { valueOf } from './constraint.ts';
import type { ObjectIndex } from './object-index.ts';
import type { Statement } from './statement.ts';

/** Arguments of the same table function that differ, after names, positions and defaults are evened out. */
export function callDifferences(expected: Statement, generated: Statement, index: ObjectIndex): Difference[] {
  return expected.calls.flatMap((wanted): Difference[] => {
    const found = generated.calls.find(({ name }) => name === wanted.name);
    if (found === undefined) return [];
    const parameters = index.find(wanted.name)?.function?.parameters ?? [];
    const names = parameters.map(({ name }) => name.toLowerCase());
    const defaults = new Map(
      parameters.flatMap(({ name, defaultValue }) =>
        defaultValue === null ? [] : [[name.toLowerCase(), defaultValue] as const],
      ),
    );
    const [left, right] = [
      bind(wanted.args, names, defaults, expected),
      bind(found.args, names, defaults, generated),
    ];
    const differing = [...new Set([...left.keys(), ...right.keys()])].filter(
      (name) => left.get(name) !== right.get(name),
    );
    if (differing.length === 0) return [];
    const textOf = (bound: ReadonlyMap<string, string>): string =>
      differing.map((name) => `${name} => ${bound.get(name) ?? 'nothing'}`).join(', ');
    return [
      {
        label: 'tvf_argument',
        aspects: { logical_accuracy: 'tvf_argument' },
        clause: 'FROM',
        blame: [wanted.name],
        expected: textOf(left),
        actual: textOf(right),
        description: `calls ${wanted.name} with ${textOf(right)} instead of ${textOf(left)}`,
        fix: `Say in the comment of ${wanted.name} how to fill “${differing.join(', ')}”, with allowed values and defaults.`,
        weight: 'certain',
      },
    ];
  });
}

/** Values by parameter; positions without a known name count from `#1`. */
function bind(
  args: Statement['calls'][number]['args'],
  names: readonly string[],
  defaults: ReadonlyMap<string, string>,
  statement: Statement,
): Map<string, string> {
  const bound = new Map([...defaults].map(([name, value]) => [name, valueOf(statement.resolve(value))]));
  args.forEach(({ name, text }, at) => {
    bound.set(name?.toLowerCase() ?? names[at] ?? `#${at + 1}`, valueOf(statement.resolve(text)));
  });
  return bound;
}
