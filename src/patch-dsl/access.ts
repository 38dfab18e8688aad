/**
 * What a patch reads or writes of a thing, as a mode.
 *
 * Two patches that name one part of one thing are in conflict unless their modes agree:
 * - `read` agrees with `read`, `inside` and `append`;
 * - `write` agrees with nothing, not even with another `write`;
 * - `create` agrees with `inside` (the creation runs first), not with another `create`;
 * - `inside` (works within the thing) agrees with itself;
 * - `append` agrees with itself and `inside`: it adds to a list whose order is content, so the patches run in
 *   the order of their ids; the one agreement in which the order shows in the result, see `commute`;
 * - `shared:…` agrees with the same word only: edits that give one result in any order.
 */
export type AccessMode = 'read' | 'write' | 'create' | 'inside' | 'append' | `shared:${string}`;

/** An access to a part of the object that the patch edits. */
export interface PartAccess {
  /** The part, such as `/description`; the empty text means the object as a whole. */
  readonly part: string;
  /** One item of a part that is a list, such as a word; another item is another thing. */
  readonly item?: string;
  readonly mode: AccessMode;
}

/** An access to something else than the patch's own object. */
export interface Access {
  /** The thing, in the form of an object key. */
  readonly key: string;
  /** Default: the thing as a whole. */
  readonly part?: string;
  readonly item?: string;
  readonly mode: AccessMode;
}

export const inside = (key: string): Access => ({ key, mode: 'inside' });
export const writes = (key: string): Access => ({ key, mode: 'write' });

export const writesPart = (part: string): PartAccess => ({ part, mode: 'write' });
export const sharesPart = (part: string, word: string): PartAccess => ({ part, mode: `shared:${word}` });

export const sharesItem = (part: string, item: string, word: string): PartAccess => ({
  part,
  item,
  mode: `shared:${word}`,
});

/** Works within the object, so it is in conflict with what removes it. */
export const INSIDE_OBJECT: PartAccess = { part: '', mode: 'inside' };
export const WRITES_OBJECT: readonly PartAccess[] = [writesPart('')];
/** What makes an object: patches on it run afterwards. */
export const CREATES_OBJECT: readonly PartAccess[] = [{ part: '', mode: 'create' }];
