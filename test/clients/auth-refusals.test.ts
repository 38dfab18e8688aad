import { describe, expect, it } from 'vitest';
import { type AuthConfigurationError, type AuthOptions, resolveAuth } from '../../src/clients/index.ts';
import { rejection } from './support/server.ts';
import { makeSources, cliSays, type Setup } from './support/auth-sources.ts';

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
