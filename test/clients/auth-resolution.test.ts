import { describe, expect, it } from 'vitest';
import { type AuthOptions, resolveAuth } from '../../src/clients/index.ts';
import { CONFIG, WORK, makeSources, cliToken, type Setup } from './support/auth-sources.ts';

interface Resolution {
  readonly host: string;
  readonly authorization?: string;
  readonly type: string;
  readonly profile?: string | null;
  readonly warehouseId?: string | null;
}

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
