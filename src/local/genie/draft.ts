import type { ValueLookup } from '../genie-engine.ts';
import { absences } from './absence.ts';
import { affinity } from './affinity.ts';
import { chooseDate } from './dates.ts';
import {
  flagConditions,
  mentionedFilters,
  timeConditions,
  valueConditions,
  type Condition,
} from './filters.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asset } from './model.ts';
import { missingDates } from './missing-dates.ts';
import type { Dice } from './near-tie.ts';
import { numberConditions } from './number-conditions.ts';
import { ordered, type Ordered } from './ordering.ts';
import type { Reading } from './reading.ts';
import { scopeOf, type Scope } from './scope.ts';
import { shapeOf, uniqueBy, type Shape } from './shape.ts';
import { withShare } from './shares.ts';
import { withTotals } from './totals.ts';

/** One way to answer: a base table or metric view with everything linked within its reach. */
export interface Draft extends Ordered {
  readonly scope: Scope;
  readonly score: number;
  /** Score that comes from words of the question, guesses and penalties left out. */
  readonly evidence: number;
  readonly distinct: boolean;
  readonly where: readonly Condition[];
  readonly having: readonly string[];
}

const UNRESOLVED_GROUP = -0.8;
const GUESSED_MEASURE = -0.5;
/** "… without any rows of this table". */
const ASKED_AWAY = -2;

/** Tries to answer from one base; never fails, a bad fit only scores low. */
export async function draftFor(
  base: Asset,
  knowledge: Knowledge,
  reading: Reading,
  lookup: ValueLookup,
  dice: Dice,
): Promise<Draft> {
  const scope = scopeOf(base, knowledge, reading.stems);
  const asksForTime = reading.time.periods.length > 0 || reading.time.grain !== null;
  const date = asksForTime ? chooseDate(scope, knowledge, reading, dice) : null;
  const read = shapeOf(scope, reading, dice, date);
  const values = await valueConditions(scope, knowledge, reading, lookup);
  const totalled = withTotals(
    sideBySide(read, values, reading),
    numberConditions(scope, reading, read.measures),
    scope,
  );
  const { absent, time, isBase } = absences(
    scope,
    knowledge,
    reading,
    date?.asset ?? null,
    timeConditions(scope, reading, date, dice),
  );
  const { shape, conditions } = withShare(
    totalled.shape,
    [
      ...values,
      ...mentionedFilters(scope, knowledge, reading),
      ...flagConditions(scope, knowledge, reading),
      ...missingDates(scope, knowledge, reading),
      ...absent,
      ...totalled.numbers.where,
    ],
    scope,
    reading,
  );
  const where = [...conditions, ...time];
  const choices = shape.measures.map(({ choice }) => choice);
  const measured = choices.reduce(
    (sum, choice) => sum + choice.score + (choice.guessed ? GUESSED_MEASURE : 0),
    0,
  );
  const countsBase = choices.some((choice) => choice.countsRows && !choice.guessed && choice.score > 0);
  const explained =
    shape.groupScore +
    where.reduce((sum, condition) => sum + condition.score, 0) +
    affinity(base, scope, knowledge, reading, countsBase, shape.grouped) +
    (isBase ? ASKED_AWAY : 0);
  return {
    scope,
    score: measured + explained + shape.unresolved * UNRESOLVED_GROUP,
    evidence: Math.max(0, measured) + explained,
    distinct: shape.distinct,
    where: uniqueBy(where, (condition) => condition.sql),
    having: totalled.numbers.having,
    ...ordered(shape, scope, reading, dice),
  };
}

/** "compare … of this and that": one row for each of them. */
function sideBySide(shape: Shape, values: readonly Condition[], reading: Reading): Shape {
  const compares = reading.tokens.some(({ lower }) => /^(?:compare[ds]?|comparison|versus|vs)$/.test(lower));
  const several = values.flatMap(({ several: piece }) => (piece === undefined ? [] : [piece]));
  return compares && shape.measures.length > 0 && shape.groups.length === 0
    ? { ...shape, groups: several }
    : shape;
}
