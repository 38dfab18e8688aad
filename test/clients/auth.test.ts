import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  type AuthConfigurationError,
  type AuthOptions,
  type AuthSources,
  processSources,
  resolveAuth,
} from '../../src/clients/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { rejection, useServer } from './support/server.ts';

const server = useServer();

const CONFIG = `
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

const HOME = '/home/someone';
const WORK = '/projects/lending';

function makeSources(
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

const cliSays =
  (
    stdout: string,
    stderr = '',
    exitCode: number | null = 0,
    failure: string | null = null,
  ): AuthSources['runCommand'] =>
  () =>
    Promise.resolve({ exitCode, stdout, stderr, failure });

const cliToken = cliSays(
  JSON.stringify({ access_token: 'cli-token-1', token_type: 'Bearer', expiry: '2026-10-01T13:00:00Z' }),
);

interface Resolution {
  readonly host: string;
  readonly authorization?: string;
  readonly type: string;
  readonly profile?: string | null;
  readonly warehouseId?: string | null;
}

type Setup = Parameters<typeof makeSources>[0];

const resolutions: readonly [what: string, options: AuthOptions, sources: Setup, expected: Resolution][] = [
  [
    'explicit host and token',
    { host: 'https://a.example.com/', token: 't-explicit' },
    {},
    { host: 'https://a.example.com', authorization: 'Bearer t-explicit', type: 'pat', profile: null },
  ],
  [
    'explicit before environment',
    { host: 'a.example.com', token: 't-explicit' },
    {
      env: {
        DATABRICKS_HOST: 'b.example.com',
        DATABRICKS_TOKEN: 't-env',
        DATABRICKS_CLIENT_ID: 'x',
        DATABRICKS_CLIENT_SECRET: 'y',
      },
    },
    { host: 'https://a.example.com', authorization: 'Bearer t-explicit', type: 'pat' },
  ],
  [
    'explicit host with the token of the environment',
    { host: 'a.example.com' },
    { env: { DATABRICKS_TOKEN: 't-env' } },
    { host: 'https://a.example.com', authorization: 'Bearer t-env', type: 'pat' },
  ],
  [
    'environment before the default profile',
    {},
    {
      env: { DATABRICKS_HOST: 'b.example.com', DATABRICKS_TOKEN: 't-env', DATABRICKS_WAREHOUSE_ID: 'wh-env' },
    },
    {
      host: 'https://b.example.com',
      authorization: 'Bearer t-env',
      type: 'pat',
      profile: null,
      warehouseId: 'wh-env',
    },
  ],
  [
    'empty variables count as unset',
    {},
    { env: { DATABRICKS_HOST: '', DATABRICKS_TOKEN: ' ' } },
    {
      host: 'https://default.example.com',
      authorization: 'Bearer dapi-default-0000',
      type: 'pat',
      profile: 'DEFAULT',
    },
  ],
  [
    'the DEFAULT profile',
    {},
    {},
    {
      host: 'https://default.example.com',
      authorization: 'Bearer dapi-default-0000',
      type: 'pat',
      profile: 'DEFAULT',
      warehouseId: null,
    },
  ],
  [
    'the default of [__settings__]',
    {},
    { config: `${CONFIG}default_profile = dev\n` },
    { host: 'https://dev.example.com', authorization: 'Bearer tok=with=equals', type: 'pat', profile: 'dev' },
  ],
  [
    'a profile of the options, with its warehouse',
    { profile: 'dev' },
    {},
    {
      host: 'https://dev.example.com',
      authorization: 'Bearer tok=with=equals',
      type: 'pat',
      profile: 'dev',
      warehouseId: 'wh-dev',
    },
  ],
  [
    'a profile of the options before the environment',
    { profile: 'dev' },
    { env: { DATABRICKS_HOST: 'b.example.com', DATABRICKS_TOKEN: 't-env' } },
    { host: 'https://dev.example.com', authorization: 'Bearer tok=with=equals', type: 'pat', profile: 'dev' },
  ],
  [
    'a profile of the environment after its other variables',
    {},
    {
      env: {
        DATABRICKS_CONFIG_PROFILE: 'dev',
        DATABRICKS_HOST: 'dev.example.com',
        DATABRICKS_TOKEN: 't-env',
      },
    },
    {
      host: 'https://dev.example.com',
      authorization: 'Bearer t-env',
      type: 'pat',
      profile: 'dev',
      warehouseId: 'wh-dev',
    },
  ],
  [
    'an explicit warehouse before that of the profile',
    { profile: 'dev', warehouseId: 'wh-mine' },
    {},
    { host: 'https://dev.example.com', type: 'pat', warehouseId: 'wh-mine' },
  ],
  [
    'a service principal',
    { profile: 'm2m' },
    {},
    { host: 'https://m2m.example.com', type: 'oauth-m2m', profile: 'm2m' },
  ],
  [
    'authType chooses between two',
    { profile: 'both', authType: 'pat' },
    {},
    { host: 'https://both.example.com', authorization: 'Bearer dapi-both-0000', type: 'pat' },
  ],
  [
    'authType chooses the other of two',
    { profile: 'both', authType: 'oauth-m2m' },
    {},
    { host: 'https://both.example.com', type: 'oauth-m2m' },
  ],
  [
    'the command line tool for a profile',
    { profile: 'cli' },
    { cli: cliToken },
    {
      host: 'https://cli.example.com',
      authorization: 'Bearer cli-token-1',
      type: 'databricks-cli',
      profile: 'cli',
    },
  ],
  [
    'the command line tool for a host',
    { host: 'https://x.example.com' },
    { cli: cliToken },
    { host: 'https://x.example.com', authorization: 'Bearer cli-token-1', type: 'databricks-cli' },
  ],
  [
    'a token provider',
    { host: 'https://x.example.com', tokenProvider: () => 'fresh' },
    {},
    { host: 'https://x.example.com', authorization: 'Bearer fresh', type: 'token-provider' },
  ],
  [
    'the only target of databricks.yml',
    {},
    {
      files: {
        [`${WORK}/databricks.yml`]:
          'workspace: { profile: bare }\ntargets: { only: { workspace: { profile: dev } } }',
      },
    },
    { host: 'https://dev.example.com', type: 'pat', profile: 'dev' },
  ],
  [
    'the default target of databricks.yml, falling back to the shared workspace',
    {},
    {
      files: {
        [`${WORK}/databricks.yml`]:
          'workspace: { profile: dev }\ntargets: { a: { workspace: { profile: m2m } }, b: { default: true } }',
      },
    },
    { host: 'https://dev.example.com', type: 'pat', profile: 'dev' },
  ],
  [
    'a named target of databricks.yml',
    { target: 'prod' },
    {
      files: {
        [`${WORK}/databricks.yml`]:
          'targets: { dev: { default: true, workspace: { profile: dev } }, prod: { workspace: { profile: m2m } } }',
      },
    },
    { host: 'https://m2m.example.com', type: 'oauth-m2m', profile: 'm2m' },
  ],
  [
    'databricks.yml with variables only',
    {},
    {
      files: {
        [`${WORK}/databricks.yml`]: 'targets: { only: { workspace: { profile: "${var.profile}" } } }',
      },
    },
    { host: 'https://default.example.com', type: 'pat', profile: 'DEFAULT' },
  ],
  [
    'plain HTTP to this machine',
    { host: 'http://127.0.0.1:8080', token: 't' },
    {},
    { host: 'http://127.0.0.1:8080', authorization: 'Bearer t', type: 'pat' },
  ],
];

describe('resolveAuth finds', () => {
  it.each(resolutions)('%s', async (_what, options, setup, expected) => {
    const auth = await resolveAuth(options, makeSources(setup));
    const { authorization, type, ...rest } = expected;
    expect(auth).toMatchObject(rest);
    expect(auth.credentials.type).toBe(type);
    const header = authorization === undefined ? undefined : await auth.credentials.authorization();
    expect(header ?? undefined).toBe(authorization);
  });
});

const refusals: readonly [what: string, options: AuthOptions, sources: Setup, message: RegExp][] = [
  [
    'nothing at all',
    {},
    { config: null },
    /No workspace is configured[\s\S]*there is no file ~\/\.databrickscfg/,
  ],
  [
    'a host without credentials',
    { host: 'x.example.com' },
    {},
    /No credentials for https:\/\/x\.example\.com[\s\S]*explicit options: holds no token[\s\S]*environment: holds no token[\s\S]*not found on the PATH/,
  ],
  [
    'a misspelt profile',
    { profile: 'dve' },
    {},
    /Profile 'dve'[\s\S]*did you mean 'dev'\?[\s\S]*there are: DEFAULT, dev/,
  ],
  [
    'a misspelt profile of the environment',
    {},
    { env: { DATABRICKS_CONFIG_PROFILE: 'nope' } },
    /Profile 'nope' was asked for/,
  ],
  ['the settings section as a profile', { profile: '__settings__' }, {}, /no such profile/],
  [
    'a profile that inherits nothing from DEFAULT',
    { profile: 'bare' },
    {},
    /No workspace is configured[\s\S]*profile 'bare' in ~\/\.databrickscfg: names no host/,
  ],
  [
    'a client id without secret',
    { profile: 'half' },
    {},
    /profile 'half' in ~\/\.databrickscfg: the client secret is missing/,
  ],
  ['two ways to sign in at one level', { profile: 'both' }, {}, /both a token and a service principal/],
  ['a way that we do not know', { profile: 'azure' }, {}, /'azure-cli' is not supported/],
  [
    'a profile whose secret belongs to another host',
    { profile: 'dev', host: 'https://evil.example.com' },
    {},
    /belong to https:\/\/dev\.example\.com, not to https:\/\/evil\.example\.com/,
  ],
  ['plain HTTP to elsewhere', { host: 'http://x.example.com', token: 't' }, {}, /plain HTTP/],
  [
    'a host with a password',
    { host: 'https://me:pw@x.example.com', token: 't' },
    {},
    /must not contain a user name or password/,
  ],
  ['a host that is none', { host: 'not a host', token: 't' }, {}, /must be the address of a workspace/],
  [
    'a tool that is not signed in',
    { profile: 'cli' },
    { cli: cliSays('', 'Error: not logged in\nmore', 1) },
    /databricks auth token failed \(Error: not logged in\)/,
  ],
  [
    'a tool that hangs',
    { profile: 'cli' },
    { cli: cliSays('', '', null, 'gave no answer within 30000 ms') },
    /gave no answer within 30000 ms/,
  ],
  [
    'a tool that prints something else',
    { profile: 'cli' },
    { cli: cliSays('my-secret-token-in-text') },
    /printed something other than a token/,
  ],
];

describe('resolveAuth refuses, and says what it tried:', () => {
  it.each(refusals)('%s', async (_what, options, setup, message) => {
    const error = await rejection(resolveAuth(options, makeSources(setup)));
    expect(error).toHaveProperty('code', expect.stringMatching(/^(?:AUTH_NOT_CONFIGURED|INVALID_OPTION)$/));
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('my-secret-token-in-text');
  });

  it('lists the attempts as data', async () => {
    const error = await rejection(resolveAuth({ host: 'x.example.com' }, makeSources()));
    expect((error as AuthConfigurationError).attempts.map(({ source }) => source)).toEqual([
      'configuration file',
      'explicit options',
      'environment',
      'command line tool',
    ]);
  });
});

describe('the command line tool', () => {
  it('is asked once, and again only shortly before its token ends', async () => {
    const sources = makeSources({ cli: cliToken });
    const { credentials } = await resolveAuth({ profile: 'cli' }, sources);
    await credentials.authorization();
    expect(sources.commands).toEqual([['/opt/databricks', 'auth', 'token', '--profile', 'cli']]);
    (sources.clock as FakeClock).advance(56 * 60_000);
    await credentials.authorization();
    expect(sources.commands).toHaveLength(2);
  });

  it('is not asked for a host on this machine', async () => {
    const sources = makeSources({ cli: cliToken });
    await rejection(resolveAuth({ host: 'http://localhost:1' }, sources));
    expect(sources.commands).toEqual([]);
  });
});

describe('a service principal', () => {
  const host = 'https://m2m.example.com';
  const discovery = route.get(`${host}/oidc/.well-known/oauth-authorization-server`, () =>
    HttpResponse.json({ token_endpoint: `${host}/oidc/v1/token` }),
  );

  function issuing(expiresIn = 3600): {
    readonly requests: { body: string; authorization: string | null }[];
  } {
    const requests: { body: string; authorization: string | null }[] = [];
    server.use(
      discovery,
      route.post(`${host}/oidc/v1/token`, async ({ request }) => {
        requests.push({ body: await request.text(), authorization: request.headers.get('authorization') });
        return HttpResponse.json({
          access_token: `issued-token-${requests.length}`,
          token_type: 'Bearer',
          expires_in: expiresIn,
        });
      }),
    );
    return { requests };
  }

  it('exchanges id and secret for a token', async () => {
    const { requests } = issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    expect(requests).toEqual([
      {
        body: 'grant_type=client_credentials&scope=all-apis',
        authorization: `Basic ${Buffer.from('the-client:the-secret').toString('base64')}`,
      },
    ]);
  });

  it('makes one request for any number of callers, and renews before the end', async () => {
    const { requests } = issuing();
    const sources = makeSources();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, sources);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => credentials.authorization())))).toEqual(
      new Set(['Bearer issued-token-1']),
    );
    (sources.clock as FakeClock).advance(54 * 60_000);
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    (sources.clock as FakeClock).advance(2 * 60_000);
    expect(await Promise.all([credentials.authorization(), credentials.authorization()])).toEqual([
      'Bearer issued-token-2',
      'Bearer issued-token-2',
    ]);
    expect(requests).toHaveLength(2);
  });

  it('keeps the old token while renewing fails and it still holds', async () => {
    issuing();
    const sources = makeSources();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, sources);
    await credentials.authorization();
    server.use(route.post(`${host}/oidc/v1/token`, () => new HttpResponse(null, { status: 400 })));
    (sources.clock as FakeClock).advance(57 * 60_000);
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    (sources.clock as FakeClock).advance(4 * 60_000);
    await expect(credentials.authorization()).rejects.toThrow(/400/);
  });

  it('forgets a refused token, but not the one that replaced it meanwhile', async () => {
    issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    const first = (await credentials.authorization()) ?? '';
    credentials.invalidate?.(first);
    const second = await credentials.authorization();
    credentials.invalidate?.(first);
    expect(second).toBe('Bearer issued-token-2');
    expect(await credentials.authorization()).toBe(second);
  });

  it('falls back to the usual endpoint where discovery is not offered', async () => {
    issuing();
    server.use(
      route.get(
        `${host}/oidc/.well-known/oauth-authorization-server`,
        () => new HttpResponse(null, { status: 404 }),
      ),
    );
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
  });

  it('does not send the secret to an endpoint without encryption', async () => {
    server.use(
      route.get(`${host}/oidc/.well-known/oauth-authorization-server`, () =>
        HttpResponse.json({ token_endpoint: 'http://m2m.example.com/token' }),
      ),
    );
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    await expect(credentials.authorization()).rejects.toThrow(/no secure address/);
  });

  it('one caller that gives up does not end the request of the others', async () => {
    issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    const impatient = rejection(credentials.authorization({ signal: AbortSignal.abort('enough') }));
    const patient = credentials.authorization();
    expect(await impatient).toBe('enough');
    expect(await patient).toBe('Bearer issued-token-1');
  });
});
