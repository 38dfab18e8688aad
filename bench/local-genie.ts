/**
 * How fast the embedded workspace starts and answers, as a person meets it: the built command line in a process of
 * its own, questions over HTTP without a rate limit.
 *
 * Bars: start-up under 3 s; 1,000 questions answered in under 60 s on 2 cores. Other work on the machine counts in,
 * so the CPU seconds of the server are printed beside the time (Linux only).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadBenchmarks } from '../src/benchmarks/index.ts';

const QUESTIONS = 1000;
const AT_ONCE = 8;
const STARTS = 3;
const MAX_START_SECONDS = 3;
const MAX_ANSWER_SECONDS = 60;
const CLOCK_TICKS_PER_SECOND = 100;

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) throw new TypeError('dist/cli.js is missing. Run `npm run build` first.');

interface Served {
  readonly child: ChildProcess;
  readonly host: string;
  readonly token: string;
  readonly spaceId: string;
  readonly startSeconds: number;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

async function serve(sample: string): Promise<Served> {
  const start = performance.now();
  const child = spawn(process.execPath, [CLI, 'local', '--sample', sample, '--port', '0']);
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('DATABRICKS_TOKEN=')) break;
  }
  const startSeconds = secondsSince(start);
  const [, host = '', token = ''] = /DATABRICKS_HOST=(\S+) DATABRICKS_TOKEN=(\S+)/.exec(text) ?? [];
  return { child, host, token, spaceId: /Space:\s+(\S+)/.exec(text)?.[1] ?? '', startSeconds };
}

/** User and system time of a process so far; `null` where /proc is missing. */
function cpuSeconds({ pid }: ChildProcess): number | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

async function ask({ host, token, spaceId }: Served, content: string): Promise<string> {
  const call = async (path: string, body?: unknown): Promise<Record<string, string>> => {
    const response = await fetch(`${host}/api/2.0/genie/spaces/${spaceId}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, string>;
  };
  const started = await call('start-conversation', { content });
  for (;;) {
    const message = await call(
      `conversations/${started['conversation_id']}/messages/${started['message_id']}`,
    );
    if (/^(?:COMPLETED|FAILED)$/.test(message['status'] ?? '')) return message['status'] ?? '';
  }
}

let slow = false;
for (const sample of ['tpch', 'retail']) {
  const starts: number[] = [];
  for (let run = 1; run < STARTS; run += 1) {
    const served = await serve(sample);
    starts.push(served.startSeconds);
    served.child.kill('SIGINT');
  }
  const served = await serve(sample);
  starts.push(served.startSeconds);
  const startCpu = cpuSeconds(served.child) ?? 0;
  const file = fileURLToPath(new URL(`../samples/${sample}/golden-queries.yaml`, import.meta.url));
  const { questions } = await loadBenchmarks(file, { domain: sample });
  const begin = performance.now();
  let next = 0;
  let answered = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < QUESTIONS) {
        const question = questions[next++ % questions.length]?.question ?? '';
        if ((await ask(served, question)) !== '') answered += 1;
      }
    }),
  );
  const seconds = secondsSince(begin);
  const answerCpu = (cpuSeconds(served.child) ?? 0) - startCpu;
  served.child.kill('SIGINT');
  const best = Math.min(...starts);
  slow ||= best > MAX_START_SECONDS || seconds > MAX_ANSWER_SECONDS;
  console.log(
    `${sample}: start-up ${starts.map((value) => value.toFixed(2)).join(', ')} s (${startCpu.toFixed(1)} s CPU, bar ${MAX_START_SECONDS} s); ` +
      `${answered} questions in ${seconds.toFixed(1)} s, ${(answered / seconds).toFixed(0)} a second (${answerCpu.toFixed(1)} s CPU, bar ${MAX_ANSWER_SECONDS} s)`,
  );
}
if (slow) process.exitCode = 1;
