import { http as route, HttpResponse } from 'msw';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOptimizerError } from '../../../src/core/index.ts';
import { everythingShown, recordingLogger } from '../support/everything-shown.ts';
import { HOST, useServer } from '../support/server.ts';
import { FAULT_SECRETS, makeClients, signInHandlers } from './make-clients.ts';
import { type Clients, PROBES } from './probes.ts';
import { PROTOCOL_FAULTS } from './protocol-faults.ts';
import { endingOf, TRANSPORT_FAULTS } from './transport-faults.ts';

const server = useServer();
beforeEach(() => server.use(...signInHandlers()));

/** Whatever a person may come to see of any scenario: errors, results, log lines, output of the process. */
const shown = new Map<string, string>();
const printed: unknown[] = [];
beforeAll(() => {
  for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void printed.push(parts));
});
afterAll(() => vi.restoreAllMocks());

interface Course {
  readonly result: unknown;
  /** Code of the error; `null` when there was none. */
  readonly code: string | null;
  readonly waitedMs: number;
}

/** Lets a call run to its end and keeps everything that can be seen of it. */
async function follow(name: string, run: (clients: Clients) => Promise<unknown>): Promise<Course> {
  const { logger, lines } = recordingLogger();
  const { clients, clock } = await makeClients(logger);
  const course = await run(clients).then(
    (result) => ({ result, error: null as unknown }),
    (error: unknown) => ({ result: null, error }),
  );
  shown.set(name, everythingShown(course.error, [course.result, lines, clients]));
  const { error } = course;
  return {
    result: course.result,
    code: error === null ? null : isOptimizerError(error) ? error.code : 'an error that is not ours',
    waitedMs: clock.sleeps.reduce((sum, ms) => sum + ms, 0),
  };
}

const transportCases = TRANSPORT_FAULTS.flatMap((fault) =>
  PROBES.map((probe) => ({ name: `${fault.fault}: ${probe.call}`, fault, probe })),
);

describe('faults of the connection and the server', () => {
  it.each(transportCases)('$name', async ({ name, fault, probe }) => {
    let requests = 0;
    server.use(
      route.all(HOST + probe.path, ({ request }) => {
        requests += 1;
        return fault.answer(requests, request) ?? HttpResponse.json(probe.answer);
      }),
    );
    const { code, waitedMs } = await follow(name, probe.run);
    expect(`${code ?? 'answers'}, ${requests}`).toBe(endingOf(fault, probe));
    expect(waitedMs).toBeGreaterThanOrEqual(fault.waitsAtLeastMs ?? 0);
    expect(waitedMs).toBeLessThanOrEqual(fault.waitsAtMostMs ?? 300_000);
  });
});

const protocolCases = PROTOCOL_FAULTS.map((each) => ({ ...each, name: `${each.fault}: ${each.call}` }));

describe('answers that are not what was hoped for', () => {
  it.each(protocolCases)('$name', async ({ name, server: answers, run, ends, sends }) => {
    const sent: string[] = [];
    for (const [request, list] of Object.entries(answers)) {
      const [method = '', address = ''] = request.split(' ');
      server.use(
        route.all(HOST + address, (call) => {
          if (call.request.method !== method) return undefined;
          const answer = list[Math.min(sent.filter((each) => each === request).length, list.length - 1)];
          sent.push(request);
          return typeof answer === 'function' ? answer() : HttpResponse.json(answer);
        }),
      );
    }
    const { code, result } = await follow(name, run);
    expect(code ?? result).toBe(ends);
    expect(sent).toEqual(expect.arrayContaining([...(sends ?? [])]));
  });
});

describe('the output of all fault scenarios', () => {
  it('was captured, and holds no credential in any form', () => {
    expect([...shown.keys()].toSorted()).toEqual(
      [...transportCases, ...protocolCases].map(({ name }) => name).toSorted(),
    );
    const everything = [...shown.values(), JSON.stringify(printed)].join('\n');
    // What servers echo is there, so the search below has something to find.
    expect(everything).toContain('You sent');
    for (const secret of FAULT_SECRETS) expect(everything).not.toContain(secret);
  });
});
