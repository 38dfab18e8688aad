import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { modelGenie, startLocalWorkspace } from '../../src/local/index.ts';
import type { LocalGenieInput } from '../../src/local/index.ts';
import type { ChatModel } from '../../src/ports/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';
import { apiOf, FIXTURE, type Api } from './http.ts';
import { lookupOf, table } from './genie/fixtures.ts';

/** Answers with the given values in turn and remembers what it was told. */
function scriptedModel(...answers: readonly unknown[]): ChatModel & { readonly prompts: string[] } {
  const prompts: string[] = [];
  return {
    name: 'scripted',
    prompts,
    generateJson(prompt) {
      prompts.push(prompt);
      return Promise.resolve(answers[Math.min(prompts.length, answers.length) - 1]);
    },
  };
}

const SPACE = parseSpace({
  version: 2,
  data_sources: {
    tables: [
      {
        identifier: 'zoo.main.animals',
        column_configs: [
          { column_name: 'secret_name', exclude: true, enable_entity_matching: true },
          { column_name: 'species', synonyms: ['kind of beast'], enable_entity_matching: true },
        ],
      },
    ],
  },
  instructions: { text_instructions: [{ id: 'a'.repeat(32), content: ['Old means born before 2010.'] }] },
  benchmarks: {
    questions: [
      {
        id: 'b'.repeat(32),
        question: ['How many old bears?'],
        answer: [{ format: 'SQL', content: ['SELECT 42'] }],
      },
    ],
  },
});

const INPUT: LocalGenieInput = {
  question: 'How many bears are old?',
  space: SPACE,
  catalog: {
    tables: [
      table('zoo.main.animals', 'animal_id BIGINT\nspecies STRING -- What it is\nsecret_name STRING', {
        key: 'animal_id',
      }),
    ],
    functions: [],
  },
  today: '2026-03-15',
  values: lookupOf({ 'animals.species': ['BEAR', 'OWL'], 'animals.secret_name': ['Mishka'] }),
  variance: 0,
  random: () => 0.5,
};

const ask = async (api: Api, spaceId: string, content: string): Promise<Record<string, unknown>> => {
  const space = `/api/2.0/genie/spaces/${spaceId}`;
  const { body } = await api('POST', `${space}/start-conversation`, { content });
  const path = `${space}/conversations/${String(body['conversation_id'])}/messages/${String(body['message_id'])}`;
  for (;;) {
    const message = await api('GET', path);
    if (/^(?:COMPLETED|FAILED)$/.test(String(message.body['status']))) return message.body;
  }
};

describe('modelGenie', () => {
  it('tells the model the question, the space, the catalog and the values that entity matching knows', async () => {
    const chatModel = scriptedModel({ sql: 'SELECT 1;', text: null, used: ['zoo.main.animals'] });
    const answer = await modelGenie({ chatModel }).answer(INPUT);
    expect(answer).toMatchObject({ sql: 'SELECT 1', text: null });
    expect(answer.thoughts[0]?.content).toContain('zoo.main.animals');
    for (const told of [
      INPUT.question,
      'kind of beast',
      'Old means born before 2010.',
      'What it is',
      '"BEAR", "OWL"',
      INPUT.today,
    ])
      expect(chatModel.prompts[0]).toContain(told);
  });

  it('tells it no benchmark, no answer key and nothing about hidden columns', async () => {
    const chatModel = scriptedModel({ sql: null, text: 'Which ones?', used: [] });
    const answer = await modelGenie({ chatModel }).answer(INPUT);
    expect(answer).toEqual({ sql: null, text: 'Which ones?', thoughts: [] });
    for (const hidden of ['How many old bears?', 'SELECT 42', 'Mishka', 'secret_name STRING'])
      expect(chatModel.prompts[0]).not.toContain(hidden);
  });

  it('asks back in words of its own when the model says nothing', async () => {
    const chatModel = scriptedModel({ sql: ' ', text: null, used: [] });
    expect((await modelGenie({ chatModel }).answer(INPUT)).text).toMatch(/other words/);
  });

  it.each([
    ['a text', 'SELECT 1'],
    ['no member', {}],
    ['a wrong type', { sql: 3, text: null, used: [] }],
  ])('refuses %s in place of an answer', async (_, reply) => {
    await expect(modelGenie({ chatModel: scriptedModel(reply) }).answer(INPUT)).rejects.toMatchObject({
      code: 'MODEL_ANSWER',
    });
  });

  it('serves a workspace; an unusable answer is a failed message, and the next question is answered', async () => {
    const chatModel = scriptedModel('nonsense', {
      sql: 'SELECT COUNT(*) AS n FROM town.library.books',
      text: null,
      used: [],
    });
    const workspace = await startLocalWorkspace({ sample: FIXTURE, genie: modelGenie({ chatModel }) });
    try {
      const api = apiOf(workspace);
      expect(await ask(api, workspace.spaceId, 'How many books?')).toMatchObject({ status: 'FAILED' });
      expect(await ask(api, workspace.spaceId, 'How many books?')).toMatchObject({
        status: 'COMPLETED',
        attachments: [{ query: { query: 'SELECT COUNT(*) AS n FROM town.library.books' } }],
      });
    } finally {
      await workspace.close();
    }
  });
});

describe('genie-optimizer local --genie-url', () => {
  it('answers with the model behind an OpenAI-compatible endpoint', async () => {
    const asked: { url: string | undefined; key: string | undefined; body: { model?: string } }[] = [];
    const endpoint = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        asked.push({
          url: request.url,
          key: request.headers.authorization,
          body: JSON.parse(text) as { model?: string },
        });
        const content = JSON.stringify({ sql: 'SELECT 7 AS seven', text: null, used: [] });
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ choices: [{ message: { content } }] }));
      });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    const stop = new AbortController();
    const printed = Promise.withResolvers<string>();
    const running = runCli(
      [
        'local',
        '--sample',
        FIXTURE,
        '--port',
        '0',
        '--genie-model',
        'tiny',
        '--genie-url',
        `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`,
      ],
      {
        out: (text) => {
          if (text.includes('DATABRICKS_HOST=')) printed.resolve(text);
        },
        err: (text) => printed.reject(new TypeError(text)),
        isTerminal: false,
        columns: 100,
        env: { GENIE_MODEL_API_KEY: 'key-1' },
        signal: stop.signal,
        confirm: null,
      },
      '1.0.0',
    );
    try {
      const text = await printed.promise;
      const host = /DATABRICKS_HOST=(\S+)/.exec(text)?.[1] ?? '';
      const token = /DATABRICKS_TOKEN=(\S+)/.exec(text)?.[1] ?? '';
      const spaceId = /Space:\s+(\S+)/.exec(text)?.[1] ?? '';
      expect(text).toContain('a language model as Genie');
      const message = await ask(apiOf({ host, token } as Parameters<typeof apiOf>[0]), spaceId, 'Seven?');
      expect(message).toMatchObject({ attachments: [{ query: { query: 'SELECT 7 AS seven' } }] });
      expect(asked).toMatchObject([
        { url: '/v1/chat/completions', key: 'Bearer key-1', body: { model: 'tiny' } },
      ]);
    } finally {
      stop.abort();
      endpoint.close();
    }
    expect(await running).toBe(0);
  });

  it.each([
    [['--genie-model', 'tiny'], 'Option --genie-url is required'],
    [['--genie-url', 'http://127.0.0.1:1/v1'], 'Option --genie-model is required'],
    [['--genie-url', 'nowhere', '--genie-model', 'tiny'], '--genie-url is no address'],
  ])('called with %j says what is missing', async (args, problem) => {
    let err = '';
    const io = {
      out: () => undefined,
      err: (text: string) => void (err += text),
      isTerminal: false,
      columns: 100,
      env: {},
      signal: AbortSignal.abort(),
      confirm: null,
    };
    expect(await runCli(['local', '--port', '0', ...args], io, '1.0.0')).toBe(2);
    expect(err).toContain(problem);
  });
});
