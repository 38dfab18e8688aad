import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_PROMPTS,
  JUDGE_PROMPT_KEYS,
  llmJudges,
  loadJudgePrompts,
  registerJudgePrompts,
  runJudges,
} from '../../src/judges/index.ts';
import type { PromptsPort, PromptVersion } from '../../src/ports/index.ts';
import { judgeInput } from './shop.ts';

/** Versions and aliases in memory; counts what is registered. */
class MemoryPrompts implements PromptsPort {
  readonly #versions = new Map<string, PromptVersion[]>();
  readonly #aliases = new Map<string, string>();
  registered = 0;
  down = false;

  async register({ name, template }: { name: string; template: string }): Promise<PromptVersion> {
    const versions = this.#versions.get(name) ?? [];
    const version = { name, template, version: String(versions.length + 1) };
    this.#versions.set(name, [...versions, version]);
    this.registered += 1;
    return version;
  }

  async load(name: string, version: string): Promise<PromptVersion | null> {
    return this.#versions.get(name)?.find((one) => one.version === version) ?? null;
  }

  async setAlias(name: string, alias: string, version: string): Promise<void> {
    this.#aliases.set(`${name}@${alias}`, version);
  }

  async loadByAlias(name: string, alias: string): Promise<PromptVersion | null> {
    if (this.down) throw new Error('the registry is away');
    return this.load(name, this.#aliases.get(`${name}@${alias}`) ?? '');
  }
}

const schema = 'main.prompts';

describe('prompts of a registry', () => {
  it('are put there once, and an alias that names a version is never moved', async () => {
    const registry = new MemoryPrompts();
    const own = await registry.register({
      name: `${schema}.genie_opt_arbiter`,
      template: 'Mine: {{ inputs }}',
    });
    await registry.setAlias(`${schema}.genie_opt_arbiter`, 'production', own.version);
    expect((await registerJudgePrompts({ registry, schema })).map(({ key }) => key)).toEqual(
      JUDGE_PROMPT_KEYS.filter((key) => key !== 'arbiter'),
    );
    expect(await registerJudgePrompts({ registry, schema })).toEqual([]);
    const { prompts, versions, problems } = await loadJudgePrompts({ registry, schema });
    expect(prompts.arbiter?.template).toBe('Mine: {{ inputs }}');
    expect(prompts.completeness?.template).toBe(BUILT_IN_PROMPTS.completeness.template);
    expect(versions).toMatchObject({ arbiter: '1', completeness: '1' });
    expect(problems).toEqual([]);
  });

  it('are sent as they are loaded, by the alias asked for', async () => {
    const registry = new MemoryPrompts();
    const name = `${schema}.genie_opt_completeness`;
    const { version } = await registry.register({
      name,
      template: 'Candidate words. {{ outputs }} {{ unknown }}',
    });
    await registry.setAlias(name, 'staging', version);
    const { prompts } = await loadJudgePrompts({ registry, schema, alias: 'staging' });
    const sent: string[] = [];
    const chatModel = {
      name: 'model',
      generateJson: async (prompt: string) => {
        sent.push(prompt);
        return { complete: true };
      },
    };
    const judges = llmJudges({ chatModel, prompts }).filter((judge) => judge.name === 'completeness');
    const sql = 'SELECT COUNT(*) FROM shop.customers';
    await runJudges(judges, await judgeInput(sql, sql));
    expect(sent[0]).toContain('Candidate words.');
    expect(sent[0]).not.toContain('unknown');
  });

  it.each<[string, (registry: MemoryPrompts) => Promise<void>, RegExp]>([
    ['is away', async (registry) => void (registry.down = true), /the registry is away/],
    ['holds nothing', async () => undefined, /There is no 'main.prompts.genie_opt_arbiter@production'/],
    [
      'holds an empty text',
      async (registry) => {
        const name = `${schema}.genie_opt_arbiter`;
        await registry.register({ name, template: ' ' });
        await registry.setAlias(name, 'production', '1');
      },
      /is empty/,
    ],
  ])('give way to the built-in text when the registry %s', async (_what, prepare, message) => {
    const registry = new MemoryPrompts();
    await prepare(registry);
    const { prompts, versions, problems } = await loadJudgePrompts({ registry, schema });
    expect(prompts.arbiter).toBeUndefined();
    expect(versions.arbiter).toBe('inline');
    expect(problems.find(({ key }) => key === 'arbiter')?.message).toMatch(message);
  });

  it('are left alone without a schema', async () => {
    const registry = new MemoryPrompts();
    registry.down = true;
    expect((await loadJudgePrompts({ registry, schema: '' })).problems).toEqual([]);
    expect(await registerJudgePrompts({ registry, schema: '' })).toEqual([]);
  });
});
