import { http as route, HttpResponse, type HttpHandler } from 'msw';
import { CHAT_ANSWERS } from '../../contracts/chat-model.ts';
import { HOST } from './server.ts';

const missing = (what: string): Response =>
  HttpResponse.json({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: `${what} not found` }, { status: 404 });

/** One job, `Evaluate`, whose run ends at the second look. */
export function jobHandlers(): HttpHandler[] {
  const runs = new Map<string, { readonly parameters: object; looks: number; canceled: boolean }>();
  const missingRun = (id: string): Response =>
    // As the service does it.
    HttpResponse.json(
      { error_code: 'INVALID_PARAMETER_VALUE', message: `Run ${id} does not exist.` },
      { status: 400 },
    );
  const tokens = new Map<string, string>();
  const base = `${HOST}/api/2.2/jobs`;
  return [
    route.get(`${base}/list`, ({ request }) => {
      const name = new URL(request.url).searchParams.get('name')?.toLowerCase();
      return HttpResponse.json(name === 'evaluate' ? { jobs: [{ job_id: 7 }] } : {});
    }),
    route.post<never, { job_id: number; job_parameters?: object; idempotency_token?: string }>(
      `${base}/run-now`,
      async ({ request }) => {
        const body = await request.json();
        if (body.job_id !== 7) return missingRun(String(body.job_id));
        const { job_parameters: parameters = {}, idempotency_token: token } = body;
        const known = token === undefined ? undefined : tokens.get(token);
        if (known !== undefined) return HttpResponse.json({ run_id: Number(known) });
        const id = String(runs.size + 100);
        runs.set(id, { parameters, looks: 0, canceled: false });
        if (token !== undefined) tokens.set(token, id);
        return HttpResponse.json({ run_id: Number(id) });
      },
    ),
    route.get(`${base}/runs/get`, ({ request }) => {
      const id = new URL(request.url).searchParams.get('run_id') ?? '';
      const run = runs.get(id);
      if (run === undefined) return missingRun(id);
      run.looks += 1;
      const ended = run.canceled || (run.looks > 1 && !('wait' in run.parameters));
      const state = {
        life_cycle_state: ended ? 'TERMINATED' : 'RUNNING',
        ...(ended ? { result_state: run.canceled ? 'CANCELED' : 'SUCCESS' } : {}),
      };
      return HttpResponse.json({
        run_id: Number(id),
        state,
        tasks: [{ task_key: 'main', run_id: Number(`${id}1`), state }],
      });
    }),
    route.get(`${base}/runs/get-output`, ({ request }) => {
      const id = new URL(request.url).searchParams.get('run_id')?.slice(0, -1) ?? '';
      if (!runs.has(id)) return missingRun(id);
      return HttpResponse.json({ notebook_output: { result: JSON.stringify(runs.get(id)?.parameters) } });
    }),
    route.post<never, { run_id: number }>(`${base}/runs/cancel`, async ({ request }) => {
      const run = runs.get(String((await request.json()).run_id));
      if (run !== undefined) run.canceled = true;
      return HttpResponse.json({});
    }),
  ];
}

/** The workspace tree: folders and files by path. */
export function fileHandlers(): HttpHandler[] {
  const tree = new Map<string, string | null>();
  const base = `${HOST}/api/2.0/workspace`;
  const pathOf = (request: Request): string => new URL(request.url).searchParams.get('path') ?? '';
  return [
    route.post<never, { path: string }>(`${base}/mkdirs`, async ({ request }) => {
      tree.set((await request.json()).path, null);
      return HttpResponse.json({});
    }),
    route.post<never, { path: string; content: string }>(`${base}/import`, async ({ request }) => {
      const { path, content } = await request.json();
      tree.set(path, content);
      return HttpResponse.json({});
    }),
    route.get(`${base}/export`, ({ request }) => {
      const content = tree.get(pathOf(request));
      return typeof content === 'string' ? HttpResponse.json({ content }) : missing(pathOf(request));
    }),
    route.get(`${base}/get-status`, ({ request }) => {
      const found = tree.get(pathOf(request));
      return found === undefined
        ? missing(pathOf(request))
        : HttpResponse.json({ object_type: found === null ? 'DIRECTORY' : 'FILE', path: pathOf(request) });
    }),
    route.post<never, { path: string; recursive: boolean }>(`${base}/delete`, async ({ request }) => {
      const { path, recursive } = await request.json();
      for (const known of tree.keys())
        if (known === path || (recursive && known.startsWith(`${path}/`))) tree.delete(known);
      return HttpResponse.json({});
    }),
  ];
}

export const identityHandlers = (): HttpHandler[] => [
  route.get(`${HOST}/api/2.0/preview/scim/v2/Me`, () =>
    HttpResponse.json({
      id: '42',
      userName: 'ada@example.com',
      displayName: 'Ada',
      groups: [{ display: 'users' }],
    }),
  ),
];

/** A model that answers as the prompt asks, under an address of its own. */
export function chatHandlers(address: string): HttpHandler[] {
  return [
    route.post<never, { messages: readonly { content: string }[] }>(address, async ({ request }) => {
      const content = CHAT_ANSWERS[(await request.json()).messages[0]?.content ?? ''] ?? '{}';
      return HttpResponse.json({ choices: [{ message: { role: 'assistant', content } }] });
    }),
  ];
}

/** Evaluation runs over two questions, `right` and `wrong`, that end at the second look. */
export function evalRunHandlers(): HttpHandler[] {
  const runs = new Map<string, { readonly questions: readonly string[]; looks: number }>();
  const base = `${HOST}/api/2.0/genie/spaces/:space/eval-runs`;
  const wire = (id: string) => {
    const { questions, looks } = runs.get(id) ?? { questions: [], looks: 0 };
    const done = looks > 1;
    return {
      eval_run_id: id,
      eval_run_status: done ? 'DONE' : 'RUNNING',
      num_questions: questions.length,
      num_done: done ? questions.length : 0,
      num_correct: done ? questions.filter((question) => question === 'right').length : 0,
    };
  };
  return [
    route.post<{ space: string }, { benchmark_question_ids?: readonly string[] }>(
      base,
      async ({ request }) => {
        const { benchmark_question_ids: questions = ['right', 'wrong'] } = await request.json();
        const id = `e${runs.size + 1}`;
        runs.set(id, { questions, looks: 0 });
        return HttpResponse.json(wire(id));
      },
    ),
    route.get(base, () => HttpResponse.json({ eval_runs: [...runs.keys()].map(wire) })),
    route.get<{ run: string }>(`${base}/:run`, ({ params }) => {
      const run = runs.get(params.run);
      if (run === undefined) return missing('Evaluation run');
      run.looks += 1;
      return HttpResponse.json(wire(params.run));
    }),
    route.get<{ run: string }>(`${base}/:run/results`, ({ params }) =>
      HttpResponse.json({
        eval_results: (runs.get(params.run)?.questions ?? []).map((question) => ({
          result_id: `r-${question}`,
          benchmark_question_id: question,
        })),
      }),
    ),
    route.get<{ result: string }>(`${base}/:run/results/:result`, ({ params }) => {
      const question = params.result.slice(2);
      const isRight = question === 'right';
      return HttpResponse.json({
        result_id: params.result,
        benchmark_question_id: question,
        assessment: isRight ? 'GOOD' : 'BAD',
        assessment_reasons: isRight ? [] : ['RESULT_MISSING_ROWS'],
        actual_response: [{ response_type: 'SQL', response: isRight ? 'SELECT 1' : 'SELECT 2' }],
        expected_response: [{ response_type: 'SQL', response: 'SELECT 1' }],
      });
    }),
  ];
}
