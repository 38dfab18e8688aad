export { systemClock } from './clock.ts';
export { FileAccessError, nodeFileStore } from './file-store.ts';
