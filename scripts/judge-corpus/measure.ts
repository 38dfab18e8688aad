import { corpus, type CorpusOptions } from './corpus.ts';
import { judgeIn } from './judge-case.ts';
import { MUTATION_KINDS, type MutationKind } from './mutation.ts';

/** One judged mutant. */
export interface MutantOutcome {
  readonly id: string;
  readonly kind: MutationKind;
  readonly style: string | null;
  readonly expectedTypes: readonly string[];
  readonly expectedBlame: readonly string[];
  readonly flagged: boolean;
  readonly type: string | null;
  readonly rawType: string | null;
  readonly blame: readonly string[];
  readonly rightType: boolean;
  readonly rightBlame: boolean;
  readonly matchType: string;
  readonly right: string;
  readonly wrong: string;
}

export interface RewriteOutcome {
  readonly id: string;
  readonly rewrite: string;
  readonly flagged: boolean;
  readonly textDiffers: boolean;
  readonly judges: readonly string[];
  readonly right: string;
  readonly other: string;
}

export interface Measurement {
  readonly bases: number;
  readonly worlds: number;
  readonly mutants: readonly MutantOutcome[];
  readonly rewrites: readonly RewriteOutcome[];
  readonly dropped: { readonly unusable: number; readonly invisible: number; readonly unrunnable: number };
}

/**
 * Builds the corpus and judges all of it.
 *
 * @throws {RangeError} when a rewrite of the corpus answers differently: then the corpus is wrong
 */
export async function measure(options: CorpusOptions): Promise<Measurement> {
  const mutants: MutantOutcome[] = [];
  const rewrites: RewriteOutcome[] = [];
  const dropped = { unusable: 0, invisible: 0, unrunnable: 0 };
  const unequal: string[] = [];
  let [bases, worlds] = [0, 0];
  for await (const cases of corpus(options)) {
    const { world } = cases;
    const judge = judgeIn(world);
    bases += cases.bases.length;
    worlds += 1;
    dropped.unusable += cases.dropped.unusable;
    dropped.invisible += cases.dropped.invisible;
    dropped.unrunnable += cases.dropped.unrunnable;
    unequal.push(...cases.dropped.unequal);
    for (const { base, mutation, sql, style } of cases.mutants) {
      const { row, flagged, first } = await judge(base, sql);
      mutants.push({
        id: base.id,
        kind: mutation.kind,
        style,
        expectedTypes: mutation.types,
        expectedBlame: mutation.blame,
        flagged,
        type: first?.failure_type ?? null,
        rawType: first?.failure_type_raw ?? first?.failure_type ?? null,
        blame: first?.blame_set ?? [],
        rightType: first !== null && mutation.types.includes(first.failure_type),
        rightBlame:
          first !== null && first.blame_set.some((name) => mutation.blame.includes(name.toLowerCase())),
        matchType: row.comparison.matchType,
        right: base.sql,
        wrong: sql,
      });
    }
    for (const { base, rewrite, sql } of cases.rewrites) {
      const { row, flagged, textDiffers } = await judge(base, sql);
      rewrites.push({
        id: base.id,
        rewrite,
        flagged,
        textDiffers,
        judges: row.asi.map((record) => record.judge),
        right: base.sql,
        other: sql,
      });
    }
    await world.engine.close();
  }
  if (unequal.length > 0)
    throw new RangeError(
      `Rewrites with another answer: ${unequal.join('; ')}. Mend scripts/judge-corpus/rewrite.ts.`,
    );
  return { bases, worlds, mutants, rewrites, dropped };
}

export interface Rate {
  readonly hits: number;
  readonly of: number;
}

export const rate = <T>(items: readonly T[], test: (item: T) => boolean): Rate => ({
  hits: items.filter(test).length,
  of: items.length,
});

export const percent = ({ hits, of }: Rate): string =>
  of === 0 ? '–' : `${((100 * hits) / of).toFixed(1)} %`;

/** The four figures that have a bar. */
export const headline = ({ mutants, rewrites }: Measurement) => ({
  flagged: rate(mutants, (one) => one.flagged),
  rightType: rate(mutants, (one) => one.rightType),
  rightBlame: rate(mutants, (one) => one.rightBlame),
  falseAlarms: rate(rewrites, (one) => one.flagged),
  textAlarms: rate(rewrites, (one) => one.textDiffers),
});

export interface ClassFigures {
  readonly type: string;
  readonly precision: Rate;
  readonly recall: Rate;
}

/** Precision and recall of every failure type, over mutants and rewrites together. */
export function classFigures({ mutants, rewrites }: Measurement): ClassFigures[] {
  const types = [
    ...new Set([
      ...mutants.flatMap(({ expectedTypes }) => expectedTypes),
      ...mutants.flatMap(({ type }) => type ?? []),
    ]),
  ].sort();
  return types.map((type) => {
    const named = mutants.filter((one) => one.type === type);
    const alarms = rewrites.filter(({ flagged }) => flagged).length;
    return {
      type,
      precision: {
        hits: named.filter(({ rightType }) => rightType).length,
        of: named.length + (type === 'other' ? alarms : 0),
      },
      // The first accepted word is the class of a damage.
      recall: rate(
        mutants.filter(({ expectedTypes }) => expectedTypes[0] === type),
        ({ rightType }) => rightType,
      ),
    };
  });
}

export const kindsIn = ({ mutants }: Measurement): MutationKind[] =>
  MUTATION_KINDS.filter((kind) => mutants.some((one) => one.kind === kind));
