import { describe, expect, it } from 'vitest';
import {
  guardedTracker,
  MAX_TRACKING_FAILURES,
  noTracker,
  openExperiment,
  UcTracesUnavailableError,
  type Tracker,
} from '../../src/logged-models/index.ts';
import { InvalidOptionError, OptimizerError } from '../../src/core/index.ts';
import { memoryMlflow } from './memory-mlflow.ts';

describe('openExperiment', () => {
  const made: string[] = [];
  const service = (flavor: 'open-source' | 'databricks') => ({
    mlflow: memoryMlflow(flavor),
    identity: {
      currentUser: () =>
        Promise.resolve({ id: '1', userName: 'me@example.com', displayName: 'Me', groups: [] }),
    },
    folders: { makeFolder: (folder: string) => Promise.resolve(void made.push(folder)) },
  });

  it('HC7: makes the folder first, below the home of who is signed in', async () => {
    const target = service('databricks');
    const { name } = await openExperiment(target, { domain: 'sales' });
    expect(name).toBe('/Users/me@example.com/genie-optimization/sales');
    expect(made).toEqual(['/Users/me@example.com/genie-optimization']);
  });

  it.each(['sales', '/Shared/sales', '/Users/me@example.com', 'Users/me/x'])(
    'HC7, mistake 6: refuses %s in a workspace',
    async (name) => {
      await expect(openExperiment(service('databricks'), { name, domain: 'd' })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
    },
  );

  it('takes any name on a server of one’s own', async () => {
    const { name } = await openExperiment(service('open-source'), { name: 'sales', domain: 'd' });
    expect(name).toBe('sales');
  });

  it('makes up no user when nobody is signed in', async () => {
    const { mlflow } = service('databricks');
    await expect(openExperiment({ mlflow }, { domain: 'd' })).rejects.toMatchObject({
      details: { option: 'experiment' },
    });
  });
});

describe('guardedTracker', () => {
  const failing = (calls: { count: number }) => ({
    ...noTracker(),
    tagOutcome: () => {
      calls.count++;
      return Promise.reject(new OptimizerError('MLflow is down.', { code: 'DOWN' }));
    },
  });

  it('tells failures, throws none, and gives up after a few in a row', async () => {
    const calls = { count: 0 };
    const told: string[] = [];
    const tracker = guardedTracker(failing(calls), (_code, message) => told.push(message));
    for (let at = 0; at < MAX_TRACKING_FAILURES + 2; at++) await tracker.tagOutcome('m', 'accepted', '');
    expect(calls.count).toBe(MAX_TRACKING_FAILURES);
    expect(told).toHaveLength(MAX_TRACKING_FAILURES);
    expect(told.at(-1)).toMatch(
      /MLflow is down\. Nothing more is recorded until a version of the space is\./,
    );
  });

  it('goes on asking for versions, on which a run may depend, and for the rest once it has one', async () => {
    const calls = { count: 0 };
    let isUp = false;
    const version = { modelId: 'm' } as Awaited<ReturnType<Tracker['createModel']>>;
    const tracker = guardedTracker(
      {
        ...failing(calls),
        createModel: () =>
          isUp ? Promise.resolve(version) : Promise.reject(new OptimizerError('Down.', { code: 'DOWN' })),
      },
      () => undefined,
    );
    const state = {} as Parameters<Tracker['createModel']>[0];
    for (let at = 0; at < MAX_TRACKING_FAILURES + 1; at++) await tracker.tagOutcome('m', 'accepted', '');
    expect(calls.count).toBe(MAX_TRACKING_FAILURES);
    expect(await tracker.createModel(state)).toBeNull();
    isUp = true;
    expect(await tracker.createModel(state)).toBe(version);
    await tracker.tagOutcome('m', 'accepted', '');
    expect(calls.count).toBe(MAX_TRACKING_FAILURES + 1);
  });

  it('gives versions up as well when they fail as often', async () => {
    let count = 0;
    const told: string[] = [];
    const tracker = guardedTracker(
      {
        ...noTracker(),
        createModel: () => {
          count++;
          return Promise.reject(new OptimizerError('Down.', { code: 'DOWN' }));
        },
      },
      (_code, message) => told.push(message),
    );
    for (let at = 0; at < MAX_TRACKING_FAILURES + 2; at++)
      await tracker.createModel({} as Parameters<Tracker['createModel']>[0]);
    expect(count).toBe(MAX_TRACKING_FAILURES);
    expect(told.at(-1)).toContain('No more versions of this run are recorded.');
  });

  it('throws what the caller asked for and cannot have', async () => {
    for (const error of [
      new InvalidOptionError('experiment', 'must be a path'),
      new UcTracesUnavailableError('there is no schema.'),
    ]) {
      const refusing = { ...noTracker(), open: () => Promise.reject(error) };
      const tracker = guardedTracker(refusing, () => undefined);
      await expect(tracker.open({} as never, [])).rejects.toBe(error);
    }
  });

  it('is not asked again when it could not be opened', async () => {
    const told: string[] = [];
    const tracker = guardedTracker(
      { ...failing({ count: 0 }), open: () => Promise.reject(new OptimizerError('No.', { code: 'NO' })) },
      (code) => told.push(code),
    );
    expect(await tracker.open({} as never, [])).toBeNull();
    await tracker.tagOutcome('m', 'accepted', '');
    expect(told).toEqual(['tracking_failed']);
  });
});
