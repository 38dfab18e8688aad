import { NotFoundError } from './http/index.ts';

/** What a call answers, or `null` when what it asks for is not there. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}
