export * from './space-state.ts';
export { runStatements, undoStatements } from './catalog-statements.ts';
export { applyToOther, isNoMerge, placesLost } from './apply-to-other.ts';
export { applyChangeSet, intendedRecord } from './apply-change-set.ts';
export type { ApplyChangeOptions, ChangeSet } from './apply-change-set.ts';
export type { ChangePorts } from './change-ports.ts';
export { changeRecordSchema, isUnfinished, type ChangeRecord, type FileEdit } from '../session/index.ts';
export { ChangeNotUndoneError, undoChange } from './undo-change.ts';
export type { UndoFailure, UndoOptions } from './undo-change.ts';
export { FileEditedElsewhereError, undoFileEdits } from './file-edits.ts';
export {
  CatalogEditedElsewhereError,
  CatalogVerificationError,
  lookAtCatalog,
  requireOwnCatalog,
  verifyCatalog,
} from './verify-catalog.ts';
export type { CatalogPlace } from './verify-catalog.ts';
export * from './repo/index.ts';
export * from './deploy/index.ts';
