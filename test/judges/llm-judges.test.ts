import { describe, expect, it } from 'vitest';
import { llmJudges, promptVersions, runJudges } from '../../src/judges/index.ts';
import { judgeInput, MATCH, MISMATCH } from './shop.ts';
import { RIGHT, WRONG, YES, NO, ScriptedModel, ModelDown, one } from './scripted-model.ts';

describe('llmJudges', () => {
  it('gives the four judges and the arbiter, in scoring order', () => {
    const judges = llmJudges({ chatModel: new ScriptedModel(YES) });
    expect(judges.map(({ name, kind, targetPct }) => [name, kind, targetPct])).toEqual([
      ['schema_accuracy', 'llm', 95],
      ['logical_accuracy', 'llm', 90],
      ['semantic_equivalence', 'llm', 90],
      ['completeness', 'llm', 90],
      ['arbiter', 'llm', null],
    ]);
  });

  it.each(['schema_accuracy', 'logical_accuracy', 'semantic_equivalence', 'completeness'])(
    '%s passes and fails by its own boolean',
    async (name) => {
      const input = await judgeInput(RIGHT, WRONG);
      expect(await one(name, new ScriptedModel(YES), input)).toEqual({
        status: 'scored',
        value: 'yes',
        rationale: 'Fine.',
      });
      expect(await one(name, new ScriptedModel(NO), input)).toMatchObject({
        status: 'scored',
        value: 'no',
        asi: {
          failure_type: 'missing_filter',
          failure_type_raw: 'wrong_filter',
          wrong_clause: 'WHERE',
          // What the model invented is not blamed.
          blame_set: ['main.shop.customers.country'],
          counterfactual_fix: "Say for main.shop.customers.country that 'DE' is meant.",
        },
      });
    },
  );

  it.each([
    ['schema_accuracy', 'wrong_column', 0.85],
    ['logical_accuracy', 'wrong_aggregation', 0.85],
    ['semantic_equivalence', 'wrong_measure', 0.8],
    ['completeness', 'wrong_column', 0.8],
  ])('%s has a label of its own for a failure without one', async (name, type, confidence) => {
    const input = await judgeInput(RIGHT, WRONG);
    const outcome = await one(
      name,
      new ScriptedModel({ ...NO, failure_type: '', counterfactual_fix: null }),
      input,
    );
    expect(outcome).toMatchObject({ asi: { failure_type: type, confidence, counterfactual_fix: null } });
  });

  it.each([
    ['a code fence', `\`\`\`json\n${JSON.stringify(NO)}\n\`\`\``],
    [
      'prose around it',
      `Certainly! Here is my verdict: ${JSON.stringify(NO)} Let me know {if} you need more.`,
    ],
    ['a fence in prose', `My verdict:\n\`\`\`\n${JSON.stringify(NO)}\n\`\`\`\nDone.`],
    ['braces in a string', JSON.stringify({ ...NO, rationale: 'a } and a { and a \\" in it' })],
  ])('reads an answer with %s', async (_, answer) => {
    const outcome = await one('schema_accuracy', new ScriptedModel(answer), await judgeInput(RIGHT, WRONG));
    expect(outcome).toMatchObject({ status: 'scored', value: 'no' });
  });

  it('asks again when the boolean is missing, and says what was wrong', async () => {
    const model = new ScriptedModel({ rationale: 'Hm.' }, 'I cannot say.', YES);
    const outcome = await one('completeness', model, await judgeInput(RIGHT, WRONG));
    expect(outcome).toMatchObject({ value: 'yes' });
    expect(model.prompts).toHaveLength(3);
    expect(model.prompts[1]).toContain('complete:');
    expect(model.prompts[2]).toContain('it held no JSON object');
  });

  it.each([
    ['no boolean', { rationale: 'It is wrong.' }],
    ['a boolean as text', { ...NO, correct: 'false' }],
    ['prose', 'The query is wrong, I am sure: no.'],
    ['nothing', null],
    ['a list', [false]],
    ['an error that may go away', new ModelDown(true)],
  ])('is unknown, never a no, after three answers with %s', async (_, answer) => {
    const model = new ScriptedModel(answer);
    const outcome = await one('schema_accuracy', model, await judgeInput(RIGHT, WRONG));
    expect(outcome).toMatchObject({ status: 'errored', error: { code: 'JUDGE_FAILED', retryable: true } });
    expect(model.prompts).toHaveLength(3);
  });

  it('stops at once at an error that will not go away', async () => {
    const model = new ScriptedModel(new ModelDown(false));
    expect(await one('schema_accuracy', model, await judgeInput(RIGHT, WRONG))).toMatchObject({
      status: 'errored',
      error: { retryable: false },
    });
    expect(model.prompts).toHaveLength(1);
  });

  it('waits longer before each attempt when the model is away', async () => {
    const pauses: number[] = [];
    const clock = { sleep: (ms: number) => Promise.resolve(void pauses.push(ms)) };
    await one('schema_accuracy', new ScriptedModel(new ModelDown(true)), await judgeInput(RIGHT, WRONG), {
      clock,
    });
    expect(pauses).toEqual([1000, 2000]);
  });

  it('is not called without SQL, nor for a row that does not count', async () => {
    const model = new ScriptedModel(NO);
    const judges = llmJudges({ chatModel: model });
    const silent = await runJudges(judges, await judgeInput(RIGHT, null));
    expect([...silent].map(([name, { status }]) => [name, status])).toEqual([
      ['schema_accuracy', 'skipped'],
      ['logical_accuracy', 'skipped'],
      ['semantic_equivalence', 'skipped'],
      ['completeness', 'skipped'],
      ['arbiter', 'verdict'],
    ]);
    const lost = { ...MISMATCH, match: null, exclusion: 'infrastructure' } as const;
    const excluded = await runJudges(judges, await judgeInput(RIGHT, WRONG, { comparison: lost }));
    expect([...excluded.values()].map(({ status }) => status)).toEqual([
      'excluded',
      'excluded',
      'excluded',
      'excluded',
      'skipped',
    ]);
    expect(model.prompts).toEqual([]);
  });

  it('lets a complaint about a matching result stand unless told otherwise', async () => {
    const input = await judgeInput(RIGHT, WRONG, { comparison: MATCH });
    expect(await one('schema_accuracy', new ScriptedModel(NO), input)).toMatchObject({ value: 'no' });
    const kind = await one('schema_accuracy', new ScriptedModel(NO), input, { overrideOnMatch: true });
    expect(kind).toMatchObject({
      value: 'yes',
      rationale: expect.stringContaining('The filter is missing.'),
    });
  });

  it('refuses a number of attempts out of bounds', () => {
    expect(() => llmJudges({ chatModel: new ScriptedModel(YES), attempts: 0 })).toThrow(/attempts/);
  });

  it('uses the prompt of a registry with our form of the answer behind it', async () => {
    const model = new ScriptedModel(YES);
    const prompts = {
      schema_accuracy: {
        key: 'schema_accuracy',
        version: '7',
        template: 'House rules for {{inputs}} and {{ secret }}.',
      },
    } as const;
    await one('schema_accuracy', model, await judgeInput(RIGHT, WRONG), { prompts });
    expect(model.prompts[0]).toContain('House rules for <data>');
    expect(model.prompts[0]).toContain('"correct": true or false, required');
    expect(model.prompts[0]).not.toContain('secret');
    expect(promptVersions(prompts)).toMatchObject({ schema_accuracy: '7', arbiter: 'builtin-1' });
  });

  it('shows expected facts and guidelines, and the day', async () => {
    const model = new ScriptedModel(YES);
    const input = await judgeInput(RIGHT, WRONG, {
      benchmark: { expected_facts: ['one row per segment'], guidelines: 'Germany only.' },
      input: { today: '2026-10-01' },
    });
    await one('completeness', model, input);
    expect(model.prompts[0]).toContain('one row per segment');
    expect(model.prompts[0]).toContain('Germany only.');
    expect(model.prompts[0]).toContain('2026-10-01');
  });
});

describe('the arbiter with a model', () => {
  const verdict = (value: string) => ({ ...NO, verdict: value });

  it.each([
    ['genie_correct', null],
    ['both_correct', null],
    ['ground_truth_correct', 0.85],
    ['neither_correct', 0.425],
  ])('gives %s its reasons', async (value, confidence) => {
    const outcome = await one('arbiter', new ScriptedModel(verdict(value)), await judgeInput(RIGHT, WRONG));
    expect(outcome).toMatchObject({
      status: 'verdict',
      value,
      asi: confidence === null ? null : { confidence },
    });
  });

  it('marks the answer key as doubtful where neither is right', async () => {
    const outcome = await one(
      'arbiter',
      new ScriptedModel(verdict('neither_correct')),
      await judgeInput(RIGHT, WRONG),
    );
    expect(outcome).toMatchObject({ asi: { gt_suspect: true } });
  });

  it('never reads a verdict out of prose, asks once more and is then unknown', async () => {
    const model = new ScriptedModel('This is not genie_correct at all.');
    expect(await one('arbiter', model, await judgeInput(RIGHT, WRONG))).toMatchObject({ status: 'errored' });
    expect(model.prompts).toHaveLength(2);
  });

  it('leaves to rules what rules can decide', async () => {
    const model = new ScriptedModel(verdict('genie_correct'));
    const failed = {
      ...MISMATCH,
      error: { side: 'actual', errorClass: 'X', message: 'Genie failed' },
    } as const;
    expect(await one('arbiter', model, await judgeInput(RIGHT, WRONG, { comparison: failed }))).toMatchObject(
      {
        value: 'ground_truth_correct',
        decidedBy: 'code',
      },
    );
    expect(await one('arbiter', model, await judgeInput(RIGHT, WRONG, { comparison: MATCH }))).toMatchObject({
      status: 'skipped',
    });
    expect(model.prompts).toEqual([]);
  });

  it('sees the first rows of both results, short', async () => {
    const model = new ScriptedModel(verdict('both_correct'));
    const sample = { columns: ['segment'], rows: [['x'.repeat(300)], [null]] };
    await one(
      'arbiter',
      model,
      await judgeInput(RIGHT, WRONG, { input: { resultSamples: { expected: sample, actual: null } } }),
    );
    expect(model.prompts[0]).toContain(`${'x'.repeat(100)}…`);
    expect(model.prompts[0]).not.toContain('x'.repeat(101));
    expect(model.prompts[0]).toContain('NULL');
    expect(model.prompts[0]).toContain('not available');
  });
});
