import { messageOf } from '../../core/index.ts';
import type { PromptsPort } from '../../ports/index.ts';
import { JUDGE_PROMPT_KEYS, type JudgePrompt, type JudgePromptKey } from './prompt.ts';
import { BUILT_IN_PROMPTS } from './prompts/index.ts';

/** Where prompts stand in a registry. @see spec/judges.md §6 */
export interface PromptRegistryOptions {
  readonly registry: PromptsPort;
  /** `catalog.schema` in a workspace; empty: the registry is not used at all. */
  readonly schema: string;
  /** Version in use: `production` (default), or `staging` for a candidate. */
  readonly alias?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface LoadedPrompts {
  /** Those that the registry holds; hand them to the judges, which use the built-in text for the others. */
  readonly prompts: Readonly<Partial<Record<JudgePromptKey, JudgePrompt>>>;
  /** Version per key, `inline` where the built-in text is used. */
  readonly versions: Readonly<Record<JudgePromptKey, string>>;
  /** Why a prompt could not be loaded although the registry was asked. */
  readonly problems: readonly { readonly key: JudgePromptKey; readonly message: string }[];
}

const PRODUCTION = 'production';
const nameOf = (schema: string, key: JudgePromptKey): string => `${schema}.genie_opt_${key}`;

/**
 * Loads the judges' prompts by alias; whatever goes wrong, the built-in text stands in and the reason is told.
 *
 * @throws the signal's reason when it fires
 */
export async function loadJudgePrompts({
  registry,
  schema,
  alias = PRODUCTION,
  signal,
}: PromptRegistryOptions): Promise<LoadedPrompts> {
  const prompts: Partial<Record<JudgePromptKey, JudgePrompt>> = {};
  const problems: LoadedPrompts['problems'][number][] = [];
  for (const key of schema === '' ? [] : JUDGE_PROMPT_KEYS) {
    const name = nameOf(schema, key);
    try {
      const found = await registry.loadByAlias(name, alias, { signal });
      if (found === null) problems.push({ key, message: `There is no '${name}@${alias}'.` });
      else if (found.template.trim() === '')
        problems.push({ key, message: `'${name}@${alias}' (version ${found.version}) is empty.` });
      else prompts[key] = { key, version: found.version, template: found.template };
    } catch (error) {
      if (signal?.aborted === true) throw error;
      problems.push({ key, message: messageOf(error) });
    }
  }
  const versionOf = (key: JudgePromptKey): string => prompts[key]?.version ?? 'inline';
  return {
    prompts,
    problems,
    versions: {
      schema_accuracy: versionOf('schema_accuracy'),
      logical_accuracy: versionOf('logical_accuracy'),
      semantic_equivalence: versionOf('semantic_equivalence'),
      completeness: versionOf('completeness'),
      arbiter: versionOf('arbiter'),
    },
  };
}

/**
 * Puts the built-in prompts into a registry that does not have them, and lets the alias name them.
 *
 * An alias that names a version already is never moved: a person or a search may have put it there.
 *
 * @returns the versions made
 */
export async function registerJudgePrompts({
  registry,
  schema,
  alias = PRODUCTION,
  signal,
}: PromptRegistryOptions): Promise<readonly JudgePrompt[]> {
  const made: JudgePrompt[] = [];
  for (const key of schema === '' ? [] : JUDGE_PROMPT_KEYS) {
    const name = nameOf(schema, key);
    if ((await registry.loadByAlias(name, alias, { signal })) !== null) continue;
    const { template, version: builtIn } = BUILT_IN_PROMPTS[key];
    const { version } = await registry.register(
      {
        name,
        template,
        message: `Built-in prompt of judge ${key} (${builtIn})`,
        tags: { type: 'judge', optimized_by: 'built-in' },
      },
      { signal },
    );
    await registry.setAlias(name, alias, version, { signal });
    made.push({ key, version, template });
  }
  return made;
}
