import { describe, expect, it } from 'vitest';
import type { ChatModel } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

/** Prompts that the model behind the adapter answers in a known form. */
export const CHAT_PROMPTS = {
  bare: 'Answer bare.',
  fenced: 'Answer in a code fence.',
  trailing: 'Answer and go on talking.',
  never: 'Never answer in JSON.',
} as const;

/** What that model answers to each. */
export const CHAT_ANSWERS: Readonly<Record<string, string>> = {
  [CHAT_PROMPTS.bare]: '{"verdict":"yes"}',
  [CHAT_PROMPTS.fenced]: 'Of course!\n```json\n{"verdict":"yes"}\n```',
  [CHAT_PROMPTS.trailing]: '{"verdict":"yes"} Let me know {if} you need more.',
  [CHAT_PROMPTS.never]: 'I would rather not.',
};

/** What every {@link ChatModel} does with a model that answers `{"verdict":"yes"}`, in one form or another. */
export function describeChatModel(name: string, subject: () => { readonly model: ChatModel }): void {
  const schema = { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'] };

  describe(`${name} as ChatModel`, () => {
    it.each(['bare', 'fenced', 'trailing'] as const)('reads an answer that is %s', async (form) => {
      expect(await subject().model.generateJson(CHAT_PROMPTS[form], schema)).toEqual({ verdict: 'yes' });
    });

    it('fails when no JSON comes, even asked again', async () => {
      expect(await codeOfFailure(subject().model.generateJson(CHAT_PROMPTS.never, schema))).toBe(
        'CHAT_ANSWER_UNREADABLE',
      );
    });

    it('has a name', () => {
      expect(subject().model.name).not.toBe('');
    });

    it('stops when the signal has fired', async () => {
      const stopped = subject().model.generateJson('x', schema, { signal: AbortSignal.abort() });
      expect(await codeOfFailure(stopped)).toBe('ABORTED_BY_CALLER');
    });
  });
}
