/**
 * What a patch reads or writes, as a key and a mode.
 *
 * Two patches that name one key are in conflict unless their modes agree:
 * - `read` agrees with `read` and `inside`;
 * - `write` agrees with nothing, not even with another `write`;
 * - `create` agrees with `inside` (the creation runs first), not with another `create`;
 * - `inside` (works within the thing of the key) agrees with itself;
 * - `shared:…` agrees with the same word only: edits that give one result in any order.
 */
export interface Access {
  readonly key: string;
  readonly mode: AccessMode;
}

export type AccessMode = 'read' | 'write' | 'create' | 'inside' | `shared:${string}`;

export const inside = (key: string): Access => ({ key, mode: 'inside' });
export const writes = (key: string): Access => ({ key, mode: 'write' });
export const shares = (key: string, word: string): Access => ({ key, mode: `shared:${word}` });
