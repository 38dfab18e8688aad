import { processSources, resolveAuth, systemClock } from '../../clients/index.ts';
import { counted } from '../../core/index.ts';
import { recordWorkspace, replayWorkspace, type Recorder, type Replay } from '../../local/index.ts';
import {
  numberOption,
  stringOption,
  UsageError,
  type CliIo,
  type CliOption,
  type CliValues,
} from '../command.ts';

/** Options of `local` that put a recording in the place of the simulated workspace. */
export const RECORDING_OPTIONS = {
  record: {
    type: 'string',
    value: 'folder',
    help: 'Stand in front of a real workspace and record it there, without secrets',
  },
  replay: { type: 'string', value: 'folder', help: 'Serve a recording, without a workspace' },
  profile: { type: 'string', value: 'name', help: 'Profile of the workspace to record' },
  host: {
    type: 'string',
    value: 'url',
    help: 'Workspace to record, else from the profile or DATABRICKS_HOST',
  },
} as const satisfies Record<string, CliOption>;

/** Serves a recorder or a replay until interrupted; `false` when neither was asked for. @throws {UsageError} */
export async function serveRecording(values: CliValues, io: CliIo): Promise<boolean> {
  const [record, replay] = [stringOption(values, 'record'), stringOption(values, 'replay')];
  if (record === undefined && replay === undefined) return false;
  if (record !== undefined && replay !== undefined)
    throw new UsageError('Options --record and --replay exclude each other.');
  const port = numberOption(values, 'port', [0, 65_535]) ?? 8080;
  if (record !== undefined) {
    const { recorder, host } = await startRecorder(record, port, values);
    io.out(
      text(recorder, [
        `Recording:  ${host} into ${record}`,
        'Business data in questions and results is recorded as it is. Read the recording before you share it.',
      ]),
    );
    await interrupted(io.signal);
    await recorder.close();
    return true;
  }
  const folder = replay ?? '';
  const served = await replayWorkspace(folder, { port });
  io.out(text(served, [`Replaying:  ${folder}`]));
  await interrupted(io.signal);
  io.out(summary(served));
  await served.close();
  return true;
}

async function startRecorder(
  folder: string,
  port: number,
  values: CliValues,
): Promise<{ readonly recorder: Recorder; readonly host: string }> {
  const { host, credentials } = await resolveAuth(
    { profile: stringOption(values, 'profile'), host: stringOption(values, 'host') },
    processSources({ clock: systemClock() }),
  );
  const token = async (): Promise<string> => {
    const bearer = /^Bearer (.+)$/.exec((await credentials.authorization()) ?? '')?.[1];
    if (bearer === undefined)
      throw new UsageError('A recording needs a sign-in by token. Use another profile.');
    return bearer;
  };
  return { recorder: await recordWorkspace({ host, token }, folder, { port }), host };
}

const text = ({ host, token }: Recorder | Replay, lines: readonly string[]): string =>
  [
    ...lines,
    '',
    'In another shell:',
    `  export DATABRICKS_HOST=${host} DATABRICKS_TOKEN=${token}`,
    '  genie-optimizer discover',
    '',
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');

const summary = ({ misses, remaining }: Replay): string => {
  const asked = misses.map(({ method, path }) => `  ${method} ${path}\n`);
  return `${counted(misses.length, 'request')} not in the recording, ${counted(remaining(), 'answer')} of it not asked for.\n${asked.join('')}`;
};

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
