import type { JudgeInput } from './judge.ts';

/** Facts that an answer must hold, by what can be said of them without a model. */
export interface FactCheck {
  readonly missing: readonly string[];
  /** Facts in free words, and values that may stand in rows beyond the sample. */
  readonly unchecked: readonly string[];
}

type Finding = 'held' | 'missing' | 'unchecked';

/**
 * Checks the expected facts of a question that say something countable.
 *
 * `one number` means one row of one column, `12 rows` that many rows; a text in quotes must stand in the
 * answer's words or rows. What else a fact says before a comma and after is left to a model.
 *
 * @see spec/benchmarks.md §1.1
 */
export function checkExpectedFacts(
  input: Pick<JudgeInput, 'benchmark' | 'comparison' | 'answerText' | 'resultSamples'>,
): FactCheck {
  const found = input.benchmark.expected_facts.map((fact) => [fact, findingOf(fact, input)] as const);
  const of = (finding: Finding): string[] => found.filter(([, one]) => one === finding).map(([fact]) => fact);
  return { missing: of('missing'), unchecked: of('unchecked') };
}

function findingOf(fact: string, input: Parameters<typeof checkExpectedFacts>[0]): Finding {
  const findings = fact.split(',').map((part) => partFinding(part.trim(), input));
  if (findings.includes('missing')) return 'missing';
  return findings.includes('unchecked') ? 'unchecked' : 'held';
}

function partFinding(
  part: string,
  { comparison, answerText, resultSamples }: Parameters<typeof checkExpectedFacts>[0],
): Finding {
  const sample = resultSamples?.actual ?? null;
  const verdict = (isHeld: boolean): Finding => (isHeld ? 'held' : 'missing');
  if (/^(?:one|a single) (?:number|value|figure)$/i.test(part))
    return sample === null
      ? 'unchecked'
      : verdict(comparison.actualRows === 1 && sample.columns.length === 1);
  const rows = /^(\d+) rows?$/i.exec(part)?.[1];
  if (rows !== undefined)
    return comparison.actualRows === null ? 'unchecked' : verdict(comparison.actualRows === Number(rows));
  const quoted = /^["“'](.+)["”']$/.exec(part)?.[1]?.toLowerCase();
  if (quoted === undefined) return 'unchecked';
  const cells = sample?.rows.flat() ?? [];
  if ([answerText, ...cells].some((text) => text?.toLowerCase().includes(quoted) === true)) return 'held';
  const isWhole = sample !== null && comparison.actualRows === sample.rows.length;
  return isWhole ? 'missing' : 'unchecked';
}
