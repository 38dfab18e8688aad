import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run-cli.ts';
import { callCli } from './call-cli.ts';

const ZSH_HARNESS = fileURLToPath(new URL('zsh-completion.zsh', import.meta.url));

type Words = readonly string[];

const NAMES = COMMANDS.map(({ name }) => name);
let dir: string;
const scripts = () => join(dir, 'scripts');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'genie completion-'));
  await mkdir(scripts());
  for (const [shell, file] of [
    ['bash', 'genie.bash'],
    ['zsh', '_genie-optimizer'],
    ['fish', 'genie.fish'],
  ] as const) {
    const { code, out } = await callCli(['completion', '--shell', shell]);
    expect(code).toBe(0);
    await writeFile(join(scripts(), file), out);
  }
  await writeFile(join(dir, 'golden queries.yaml'), '');
  await writeFile(join(dir, 'optimize'), '');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const isInstalled = (shell: string): boolean =>
  spawnSync(shell, ['-c', 'exit 0'], { encoding: 'utf8' }).status === 0;

function lines(program: string, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: dir,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, TERM: 'dumb' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
}

/** What a shell offers for each of some command lines, the last word of which is being typed. */
const OFFERED: Readonly<Record<string, (typed: readonly Words[]) => string[][]>> = {
  bash: (typed) => typed.map(bashOffers),
  zsh: zshOffers,
  fish: (typed) => typed.map(fishOffers),
};

/** The function that `complete` was told of, called as the editor calls it. */
const bashOffers = (words: Words): string[] =>
  lines('bash', [
    '--norc',
    '-c',
    [
      'source "$1"; shift',
      'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))',
      `called=$(complete -p genie-optimizer | sed 's/.*-F \\([^ ]*\\).*/\\1/')`,
      '"$called"; printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n'),
    'bash',
    join(scripts(), 'genie.bash'),
    'genie-optimizer',
    ...words,
  ]);

/** One process for all lines, since starting it takes longest. */
function zshOffers(typed: readonly Words[]): string[][] {
  const all = typed.map((words) => ['genie-optimizer', ...words].join(' '));
  const found: string[][] = [[]];
  for (const line of lines('zsh', ['-f', ZSH_HARNESS, scripts(), ...all])) {
    if (line === '=') found.push([]);
    else found.at(-1)?.push(line);
  }
  return found;
}

const fishOffers = (words: Words): string[] =>
  lines('fish', [
    '--no-config',
    '-c',
    'source $argv[1]; complete -C $argv[2]',
    join(scripts(), 'genie.fish'),
    ['genie-optimizer', ...words].join(' '),
  ]).map((line) => line.split('\t')[0] ?? '');

/** Command lines with what must be offered for them. */
const EXPECTED: readonly (readonly [Words, readonly string[]])[] = [
  // A file 'optimize' lies in the folder.
  [[''], [...NAMES, 'help']],
  [['op'], ['optimize']],
  [
    ['help', 'r'],
    ['resume', 'rollback', 'report'],
  ],
  [
    ['optimize', '--acc'],
    ['--acceptance', '--acceptance-k'],
  ],
  [['discover', '--acc'], []],
  [['discover', '--pro'], ['--profile']],
  [
    ['optimize', '--acceptance', ''],
    ['paired', 'sequential', 'threshold'],
  ],
  [['scan', '--fail-on', 'w'], ['warning']],
  [['optimize', '--benchmarks', 'gol'], ['golden queries.yaml']],
  [['optimize', '--alpha', ''], []],
  ...COMMANDS.map(
    ({ name, options }) =>
      [[name, '--'], [...Object.keys(options), 'help'].map((option) => `--${option}`)] as const,
  ),
];

describe.each(Object.keys(OFFERED))('completion in a real %s', (shell) => {
  let found: string[][] | null = null;
  beforeAll(() => {
    if (isInstalled(shell)) found = OFFERED[shell]?.(EXPECTED.map(([words]) => words)) ?? [];
  });

  it.for(EXPECTED.map(([words, offered], at) => ({ line: words.join(' '), offered, at })))(
    "offers for '$line' what fits, and nothing else",
    ({ offered, at }, context) => {
      if (found === null) context.skip(`${shell} is not on this machine: its completion was NOT checked`);
      const plain = (found?.[at] ?? []).map((word) => word.replaceAll('\\', ''));
      expect([...new Set(plain)].sort()).toEqual([...offered].sort());
    },
  );
});
