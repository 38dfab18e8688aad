/**
 * Measures how long the embedded workspace takes from the start of a process to its first answer.
 *
 * `npx node scripts/local-start.ts [rounds]` prints the best of several rounds for each sample, and the share that is
 * processor time: on a busy machine only that share says something about the workspace.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../src/local/index.ts', import.meta.url));
const ONE_START = `
  const { startLocalWorkspace } = await import(${JSON.stringify(entry)});
  const local = await startLocalWorkspace({ sample: process.argv[1] });
  await (await fetch(local.host + '/.well-known/databricks-config')).text();
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ wallMs: performance.now(), cpuMs: (user + system) / 1000 }));
  await local.close();
`;

const rounds = Number(process.argv[2] ?? 5);
for (const sample of ['tpch', 'retail']) {
  const found = Array.from(
    { length: rounds },
    () =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', ONE_START, sample], {
          encoding: 'utf8',
        }),
      ) as { wallMs: number; cpuMs: number },
  );
  const best = (name: 'wallMs' | 'cpuMs') => Math.round(Math.min(...found.map((each) => each[name])));
  console.log(`${sample}: ${best('wallMs')} ms, of these ${best('cpuMs')} ms processor time on all cores`);
}
