import { fileURLToPath } from 'node:url';
import { loadBenchmarks, type AssetKind } from '../../src/benchmarks/index.ts';
import { loadSample, type SqlEngine } from '../../src/local/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import { resolveSql } from '../../src/sql/index.ts';
import { PLAIN, renderQuery } from './render-query.ts';
import type { Query } from './query.ts';
import { readQuery } from './read-query.ts';
import { answerOf, sameAnswer } from './answers.ts';

/** A correct statement for a question. */
export interface Base {
  readonly id: string;
  readonly question: string;
  readonly asset: AssetKind;
  readonly query: Query;
  /** The answer key as written. */
  readonly sql: string;
  readonly optionalColumns: readonly string[];
}

/** A schema with data, a space on it, and correct statements. */
export interface World {
  readonly name: string;
  readonly engine: SqlEngine;
  readonly catalog: CatalogSnapshot;
  readonly space: Space;
  readonly bases: readonly Base[];
  /** Questions whose answer key is of a form that the mutator cannot read. */
  readonly unread: readonly string[];
}

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** The golden queries of a shipped sample, as far as they are plain statements. */
export async function sampleWorld(name: string): Promise<World> {
  const sample = await loadSample(`${SAMPLES}${name}`, null);
  const { engine, definition } = sample;
  const catalog = engine.snapshot();
  const { questions } = await loadBenchmarks(sample.benchmarksPath, {
    domain: definition.domain,
    variables: definition.variables,
  });
  const bases: Base[] = [];
  const unread: string[] = [];
  for (const benchmark of questions) {
    const sql = resolveSql(benchmark.expected_sql, definition.variables);
    const query = readQuery(sql, catalog);
    const faithful =
      query !== null &&
      sameAnswer(await answerOf(engine, sql), await answerOf(engine, renderQuery(query, PLAIN)));
    if (!faithful || query === null) {
      unread.push(benchmark.id);
      continue;
    }
    bases.push({
      id: `${name}/${benchmark.id}`,
      question: benchmark.question,
      asset: benchmark.expected_asset,
      query,
      sql,
      optionalColumns: benchmark.optional_columns,
    });
  }
  const space = sample.spaces.find(({ spaceId }) => spaceId === sample.spaceId)?.space;
  if (space === undefined) throw new RangeError(`The sample ${name} has no space.`);
  return { name, engine, catalog, space, bases, unread };
}
