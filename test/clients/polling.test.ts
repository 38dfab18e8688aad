import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  conversationLimiter,
  ConversationsClient,
  defaultPollInterval,
  EvalRunsClient,
  GenieClient,
  type HttpClient,
  JobsClient,
  SqlClient,
} from '../../src/clients/index.ts';
import type { FakeClock } from './support/fake-clock.ts';
import { HOST, makeHttp, useServer } from './support/server.ts';

const server = useServer();

interface Wait {
  readonly name: string;
  /** Request that starts what is waited for; `null` when it runs already. */
  readonly start: string | null;
  /** Its answer says how things stand, so nobody looks again at once. */
  readonly startIsFirstLook?: boolean;
  readonly look: string;
  readonly answer: (ready: boolean) => JsonBodyType;
  readonly wait: (http: HttpClient, clock: FakeClock) => Promise<unknown>;
}

const MESSAGE = `${HOST}/api/2.0/genie/spaces/s/conversations/c/messages`;
const message = (ready: boolean) => ({
  conversation_id: 'c',
  message_id: 'm',
  status: ready ? 'COMPLETED' : 'ASKING_AI',
  attachments: [],
});
const asking = (http: HttpClient, clock: FakeClock) => ({
  http,
  clock,
  limiter: conversationLimiter({ startsPerMinute: null, clock }),
});

/** Everything that waits, asked with its own default of how often to look. */
const WAITS: readonly Wait[] = [
  {
    name: 'genie.ask',
    start: `${HOST}/api/2.0/genie/spaces/s/start-conversation`,
    look: `${MESSAGE}/m`,
    answer: message,
    wait: (http, clock) => new GenieClient(asking(http, clock)).ask('s', 'How many?'),
  },
  {
    name: 'conversations.followUp',
    start: MESSAGE,
    look: `${MESSAGE}/m`,
    answer: message,
    wait: (http, clock) =>
      new ConversationsClient(asking(http, clock)).followUp(
        { spaceId: 's', conversationId: 'c' },
        'And now?',
      ),
  },
  {
    name: 'sql.execute',
    start: `${HOST}/api/2.0/sql/statements`,
    startIsFirstLook: true,
    look: `${HOST}/api/2.0/sql/statements/st`,
    answer: (ready) => ({ statement_id: 'st', status: { state: ready ? 'SUCCEEDED' : 'RUNNING' } }),
    wait: (http, clock) => new SqlClient({ http, clock, warehouseId: 'w' }).execute('SELECT 1'),
  },
  {
    name: 'jobs.waitForRun',
    start: null,
    look: `${HOST}/api/2.2/jobs/runs/get`,
    answer: (ready) => ({ run_id: 1, state: { life_cycle_state: ready ? 'TERMINATED' : 'RUNNING' } }),
    wait: (http, clock) => new JobsClient({ http, clock }).waitForRun('1'),
  },
  {
    name: 'evalRuns.wait',
    start: null,
    look: `${HOST}/api/2.0/genie/spaces/s/eval-runs/e`,
    answer: (ready) => ({ eval_run_id: 'e', eval_run_status: ready ? 'DONE' : 'RUNNING' }),
    wait: (http, clock) => new EvalRunsClient({ http, clock }).wait('s', 'e'),
  },
];

/** Moments of the looks at something that is ready after `readyMs`; the last one sees it. */
function looksAt(readyMs: number): number[] {
  const looks = [0];
  for (let at = 0; at < readyMs; looks.push(at)) at += defaultPollInterval(at);
  return looks;
}

describe('waiting for an answer', () => {
  const answers = (fromMs: number, toMs: number): number[] =>
    Array.from({ length: (toMs - fromMs) / 100 + 1 }, (_, index) => fromMs + index * 100);

  it('takes at most 25 looks within half a minute', () => {
    expect(Math.max(...answers(100, 30_000).map((readyMs) => looksAt(readyMs).length))).toBeLessThanOrEqual(
      25,
    );
  });

  it.each([
    [6_000, 30_000],
    [10_000, 120_000],
    [30_000, 600_000],
  ])('between %d and %d ms ends at most 5 %% late on average, and never more than 5 s', (fromMs, toMs) => {
    const lags = answers(fromMs, toMs).map((readyMs) => ({
      readyMs,
      lagMs: (looksAt(readyMs).at(-1) ?? 0) - readyMs,
    }));
    const sum = lags.reduce((total, { lagMs, readyMs }) => total + lagMs / readyMs, 0);
    expect((100 * sum) / lags.length).toBeLessThanOrEqual(5);
    expect(Math.max(...lags.map(({ lagMs }) => lagMs))).toBeLessThanOrEqual(5000);
  });
});

describe.each(WAITS)('$name', (each) => {
  it.each([40, 700, 75_000])('looks at those moments, for %d ms', async (readyMs) => {
    const { http, clock } = makeHttp();
    const startedAt = clock.now().getTime();
    const looks: number[] = [];
    server.use(
      route.get(each.look, () => {
        const elapsed = clock.now().getTime() - startedAt;
        looks.push(elapsed);
        return HttpResponse.json(each.answer(elapsed >= readyMs));
      }),
      ...(each.start === null ? [] : [route.post(each.start, () => HttpResponse.json(each.answer(false)))]),
    );
    await each.wait(http, clock);
    expect(looks).toEqual(looksAt(readyMs).slice(each.startIsFirstLook === true ? 1 : 0));
  });
});
