import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/run-cli.ts';
import { callCli } from './call-cli.ts';

const script = async (shell: string) => (await callCli(['completion', '--shell', shell])).out;

/** What bash offers for these words, the last of which is being typed. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const quoted = ['genie-optimizer', ...words].map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${await script('bash')}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _genie_optimizer; echo "\${COMPREPLY[@]}"`,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return stdout.trim().split(' ');
}

describe('completion in bash', () => {
  it('offers every command', async () => {
    expect(await offered('')).toEqual(COMMANDS.map(({ name }) => name));
    expect(await offered('op')).toEqual(['optimize']);
  });

  it('offers the options of the command, and no others', async () => {
    expect(await offered('optimize', '--acc')).toEqual(['--acceptance', '--acceptance-k']);
    expect(await offered('discover', '--acc')).toEqual(['']);
  });

  it('offers the words that an option takes, and files elsewhere', async () => {
    expect(await offered('optimize', '--acceptance', '')).toEqual(['paired', 'sequential', 'threshold']);
    expect(await offered('scan', '--fail-on', 'w')).toEqual(['warning']);
    expect(await offered('optimize', '--benchmarks', 'package.j')).toEqual(['package.json']);
  });
});

describe.each([
  ['zsh', "'--acceptance[How a change is proven]:paired|sequential|threshold:(paired sequential threshold)'"],
  ['fish', "-l acceptance -x -a 'paired sequential threshold'"],
])('completion in %s', (shell, choices) => {
  it('knows every command and option, and the words an option takes', async () => {
    const text = await script(shell);
    for (const { name, options } of COMMANDS) {
      expect(text).toContain(name);
      for (const option of Object.keys(options)) expect(text).toContain(option);
    }
    expect(text).toContain(choices);
  });
});
