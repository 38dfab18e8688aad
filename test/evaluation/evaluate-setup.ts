import { evaluate, type EvaluateOptions } from '../../src/evaluation/index.ts';
import { CATALOG, FakeGenie, FakeSql, genieAnswer, question, SPACE } from './fakes.ts';

export const KEY = 'SELECT n FROM main.s.t WHERE id = 1';

export const OTHER = 'SELECT n FROM main.s.t WHERE id = 2';

export interface Setup extends Partial<EvaluateOptions> {
  readonly genie?: FakeGenie;
  readonly sql?: FakeSql;
}

export const run = ({
  genie = new FakeGenie(() => genieAnswer(KEY)),
  sql = new FakeSql(),
  ...more
}: Setup = {}) =>
  evaluate({
    workspace: { genie, sql },
    spaceId: 's'.repeat(32),
    questions: [question('q1')],
    scope: 'full',
    iteration: 0,
    space: SPACE,
    catalog: CATALOG,
    ...more,
  });

export const only = async (setup: Setup) => {
  const result = await run({ ...setup, questions: setup.questions ?? [question('q1'), question('q2')] });
  const [row] = result.rows;
  return { result, row };
};

/** The second question is answered right, so that the evaluation as a whole is valid. */
export const firstFails = (reply: Parameters<typeof genieAnswer> | Error) =>
  new FakeGenie((text) =>
    text === 'Question q1?' ? (reply instanceof Error ? reply : genieAnswer(...reply)) : genieAnswer(OTHER),
  );
