import { type AuthSources, processSources } from '../../../src/clients/index.ts';
import { FakeClock } from './fake-clock.ts';

export const CONFIG = `
; comment
[DEFAULT]
host = https://default.example.com/
token: dapi-default-0000

# comment
[dev]
host  = dev.example.com
token = tok=with=equals
warehouse_id = wh-dev

[m2m]
host = https://m2m.example.com:443
client_id = the-client
client_secret = the-secret

[half]
host = https://half.example.com
client_id = only-an-id

[both]
host = https://both.example.com
token = dapi-both-0000
client_id = the-client
client_secret = the-secret

[cli]
host = https://cli.example.com
auth_type = databricks-cli

[azure]
host = https://azure.example.com
auth_type = azure-cli

[bare]
token = dapi-bare-0000

[__settings__]
`;

export const HOME = '/home/someone';

export const WORK = '/projects/lending';

export function makeSources(
  overrides: {
    readonly env?: Record<string, string>;
    readonly config?: string | null;
    readonly files?: Record<string, string>;
    readonly cli?: AuthSources['runCommand'] | null;
  } = {},
): AuthSources & { readonly commands: string[][] } {
  const { env = {}, config = CONFIG, files = {}, cli = null } = overrides;
  const all: Record<string, string> = {
    ...(config === null ? {} : { [`${HOME}/.databrickscfg`]: config }),
    ...files,
  };
  const commands: string[][] = [];
  return {
    commands,
    ...processSources({
      env,
      files: { read: (path) => Promise.resolve(all[path] ?? null) },
      homeFolder: HOME,
      workingFolder: WORK,
      clock: new FakeClock(),
      findProgram: () => Promise.resolve(cli === null ? null : '/opt/databricks'),
      runCommand: (file, args, options) => {
        commands.push([file, ...args]);
        return cli === null
          ? Promise.resolve({ exitCode: null, stdout: '', stderr: '', failure: 'ENOENT' })
          : cli(file, args, options);
      },
    }),
  };
}

export const cliSays =
  (
    stdout: string,
    stderr = '',
    exitCode: number | null = 0,
    failure: string | null = null,
  ): AuthSources['runCommand'] =>
  () =>
    Promise.resolve({ exitCode, stdout, stderr, failure });

export const cliToken = cliSays(
  JSON.stringify({ access_token: 'cli-token-1', token_type: 'Bearer', expiry: '2026-10-01T13:00:00Z' }),
);

export type Setup = Parameters<typeof makeSources>[0];
