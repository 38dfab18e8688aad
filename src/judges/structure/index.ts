export type { Aspect, Difference } from './difference.ts';
export {
  differenceFinder,
  findDifferences,
  type FindDifferences,
  type StructureInput,
} from './find-differences.ts';
export { objectIndex, type KnownObject, type ObjectIndex } from './object-index.ts';
