import {
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
  SpaceConflictError,
  SpaceNotFoundError,
  SpaceRejectedError,
} from '../http/index.ts';

/** Adds to an error of the transport what it means for a space. */
export async function onSpace<T>(spaceId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotFoundError) throw new SpaceNotFoundError(spaceId, error.facts);
    if (error instanceof ConflictError) throw new SpaceConflictError(spaceId, error.facts);
    if (error instanceof PermissionDeniedError) throw spacePermissionError(spaceId, error);
    if (error instanceof BadRequestError && error.facts.method === 'PATCH')
      throw new SpaceRejectedError(spaceId, error.facts);
    throw error;
  }
}

function spacePermissionError(spaceId: string, error: PermissionDeniedError): PermissionDeniedError {
  return new PermissionDeniedError(
    `You may not do this with space ${spaceId} on ${error.facts.host} (${error.facts.serverMessage || 'no reason given'}). ` +
      'Asking needs CAN RUN, reading its content and changing it need CAN EDIT; its tables must be visible to you as well.',
    error.facts,
    { spaceId },
  );
}
