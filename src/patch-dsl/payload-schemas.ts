import * as z from 'zod';
import { RELATIONSHIP_TYPES } from '../spaces/index.ts';

/** A name of a table, view, metric view or function; short names are fine where they are unambiguous. */
export const objectName = z.string().trim().min(1).max(800);
export const columnName = z.string().trim().min(1).max(300);
/** A text that says something. */
export const someText = z.string().refine((text) => text.trim() !== '', 'must not be blank');
export const textList = z.array(someText).min(1);
export const hexId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex characters');
export const relationshipType = z.enum(RELATIONSHIP_TYPES);
