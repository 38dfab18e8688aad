import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askMaker, isUnderKey, openAskLedger, poolOf } from '../../src/pipeline/ask-ledger.ts';
import { noteRescored } from '../../src/pipeline/rescored-asks.ts';
import { memoryFileStore } from '../../src/testing/index.ts';
import { evaluation, row } from './rows.ts';

const QUESTIONS = ['q1', 'q2', 'q3'];

/** The answers of one configuration, scored again: those named are right, or all that were scored again. */
const rescored = (ids: readonly string[], configHash = 'c', right: readonly string[] = ids) => ({
  ...evaluation(
    QUESTIONS.map((id) => row(id, right.includes(id))),
    { config_hash: configHash },
  ),
  rescored: ids,
  unanswered: [],
  quarantined: [],
  rebaselined_at: '2026-10-01T08:00:00.000Z',
});

const underVersion = (version: number | undefined) =>
  QUESTIONS.map((id) => ({ id, ...(version !== undefined && { key_version: version }) }));

const emptyLedger = () => openAskLedger(memoryFileStore(), 'asks.json');

describe('answers that were judged again under corrected keys', () => {
  it('count for the version of the key they were judged under, and for no other', async () => {
    const asks = await emptyLedger();
    asks.add(askMaker('c', underVersion(1))(row('q1', false)));
    noteRescored(asks, rescored(['q1']), underVersion(2));
    expect(poolOf(asks.all(), 'c', 'q1', 1)).toEqual({ n: 1, correct: 0 });
    expect(poolOf(asks.all(), 'c', 'q1', 2)).toEqual({ n: 1, correct: 1 });
    expect(poolOf(asks.all(), 'c', 'q2', 2)).toEqual({ n: 0, correct: 0 });
  });

  it('are noted beside an ask that was made under the same key', async () => {
    const asks = await emptyLedger();
    asks.add(askMaker('c', underVersion(2))(row('q1', true)));
    noteRescored(asks, rescored(['q1']), underVersion(2));
    expect(poolOf(asks.all(), 'c', 'q1', 2)).toEqual({ n: 2, correct: 2 });
  });

  it('take a key without a version for the first', async () => {
    const asks = await emptyLedger();
    noteRescored(asks, rescored(['q1']), underVersion(undefined));
    noteRescored(asks, rescored(['q1']), underVersion(1));
    expect(asks.all().map((ask) => isUnderKey(ask, 1))).toEqual([true]);
  });

  it('are noted once per configuration, question and key, however often and in whatever order they come', async () => {
    const call = fc.record({
      ids: fc.uniqueArray(fc.constantFrom(...QUESTIONS)),
      configHash: fc.constantFrom('c', 'd'),
      version: fc.constantFrom(1, 2, 3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const asks = await emptyLedger();
        for (const { ids, configHash, version } of calls)
          noteRescored(asks, rescored(ids, configHash), underVersion(version));
        const noted = asks
          .all()
          .map(({ config_hash, question_id, key_version }) => `${config_hash} ${question_id} ${key_version}`);
        const asked = calls.flatMap(({ ids, configHash, version }) =>
          ids.map((id) => `${configHash} ${id} ${version}`),
        );
        expect([...noted].sort()).toEqual([...new Set(asked)].sort());
      }),
      { numRuns: 50 },
    );
  });

  it('are looked up in the ledger once, not once a row', async () => {
    const asks = await emptyLedger();
    let looks = 0;
    const counting = {
      ...asks,
      all: () => {
        looks += 1;
        return asks.all();
      },
    };
    noteRescored(counting, rescored(QUESTIONS), underVersion(2));
    expect([asks.all().length, looks]).toEqual([3, 1]);
  });
});
