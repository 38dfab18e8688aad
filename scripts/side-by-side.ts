/**
 * Runs scripts of package.json side by side, one for every core, in the order given: start the long ones first.
 *
 * `node scripts/side-by-side.ts typecheck lint:code` prints a line for each as it ends, and all that the failed ones
 * said after that, one after another. Exit code 1 when one failed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const root = new URL('../', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

interface Ended {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
}

async function run(name: string): Promise<Ended> {
  const command = scripts[name];
  if (command === undefined) return { name, ok: false, output: `package.json has no script '${name}'.\n` };
  const started = performance.now();
  const parts: Buffer[] = [];
  const child = spawn(command, { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  const ok = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      parts.push(Buffer.from(`${error.message}\n`));
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'failed'} ${name} (${seconds} s)`);
  return { name, ok, output: Buffer.concat(parts).toString() };
}

const waiting = process.argv.slice(2);
const ended: Ended[] = [];
const worker = async (): Promise<void> => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) ended.push(await run(name));
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));

const failed = ended.filter(({ ok }) => !ok);
for (const { name, output } of failed) {
  const hint = scripts[name] === undefined ? '' : ` (alone: npm run ${name})`;
  console.error(`\n${name} failed${hint}:\n${output.trimEnd()}`);
}
if (failed.length > 0) process.exitCode = 1;
