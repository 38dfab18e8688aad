import { describe, expect, it } from 'vitest';
import type { IdentityPort } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

/** What every {@link IdentityPort} does. */
export function describeIdentityPort(name: string, subject: () => { readonly identity: IdentityPort }): void {
  describe(`${name} as IdentityPort`, () => {
    it('names who is signed in, always the same', async () => {
      const { identity } = subject();
      const user = await identity.currentUser();
      expect(user.id).toMatch(/^\d+$/);
      expect(user.userName).not.toBe('');
      expect(user.displayName).not.toBe('');
      expect(user.groups).toContain('users');
      expect(await identity.currentUser()).toEqual(user);
    });

    it('stops when the signal has fired', async () => {
      const stopped = subject().identity.currentUser({ signal: AbortSignal.abort() });
      expect(await codeOfFailure(stopped)).toBe('ABORTED_BY_CALLER');
    });
  });
}
