import { SPACE_LIMITS, slotsUsed } from './limits.ts';
import { serializeSpace } from './canonical-space.ts';
import { dataSources, instructionText, sqlFunctions, textInstructions } from './space-readers.ts';
import type { SpaceProblem } from './validate-space.ts';
import type { Space } from './space.ts';

export type LimitName = keyof typeof SPACE_LIMITS;

/** How much of one limit a space uses. */
export interface LimitUse {
  readonly name: LimitName;
  readonly count: number;
  /** Where in the space; empty for the whole. */
  readonly path: string;
}

/** How much a space uses of every limit that counts the space as a whole. */
export function limitUse(space: Space): LimitUse[] {
  const slots = slotsUsed(space);
  const counted: readonly [LimitName, number, string][] = [
    ['totalBytes', Buffer.byteLength(serializeSpace(space)), ''],
    ['dataSources', dataSources(space).length, 'data_sources'],
    ['textInstructions', textInstructions(space).length, 'instructions.text_instructions'],
    ['instructionTextChars', instructionText(space).length, 'instructions.text_instructions'],
    ['instructionSlots', slots.instructions, 'instructions'],
    ['snippetSlots', slots.snippets, 'instructions'],
    ['sqlFunctions', sqlFunctions(space).length, 'instructions.sql_functions'],
    ['benchmarkQuestions', space.benchmarks?.questions?.length ?? 0, 'benchmarks.questions'],
    ['entityMatchingColumns', entityMatchingColumns(space), 'data_sources'],
  ];
  return counted.map(([name, count, path]) => ({ name, count, path }));
}

/** Every limit of {@link SPACE_LIMITS} that a space passes over. */
export function limitProblems(space: Space): SpaceProblem[] {
  const problems = limitUse(space).flatMap(({ name, count, path }) => exceeded(name, count, path));
  visitSizes(space, '', problems);
  return problems;
}

function exceeded(name: LimitName, count: number, path: string): SpaceProblem[] {
  const limit = SPACE_LIMITS[name];
  if (count <= limit.max) return [];
  return [
    {
      code: 'LIMIT_EXCEEDED',
      severity: limit.severity,
      path,
      message: `${count} ${limit.what}; the limit is ${limit.max} (${limit.source}). Remove ${count - limit.max}.`,
      details: { limit: name, count, max: limit.max },
    },
  ];
}

const entityMatchingColumns = (space: Space): number =>
  dataSources(space).reduce(
    (sum, source) =>
      sum + (source.column_configs ?? []).filter((column) => column.enable_entity_matching === true).length,
    0,
  );

function visitSizes(value: unknown, path: string, problems: SpaceProblem[]): void {
  if (typeof value === 'string') problems.push(...exceeded('stringChars', value.length, path));
  else if (Array.isArray(value)) {
    problems.push(...exceeded('arrayItems', value.length, path));
    value.forEach((item, index) => visitSizes(item, `${path}[${index}]`, problems));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      visitSizes(item, path === '' ? key : `${path}.${key}`, problems);
  }
}
