import { randomUUID } from 'node:crypto';

/** An id as the services make them: 32 hexadecimal digits. */
export const newId = (): string => randomUUID().replaceAll('-', '');
