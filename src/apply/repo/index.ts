export { planFileEdits } from './plan-file-edits.ts';
export type { RepoEdits, RepoEffect, RepoOptions } from './plan-file-edits.ts';
export type { RepoPlaces } from './repo-index.ts';
export { previewFileEdit } from './preview.ts';
export {
  RepoFileAmbiguousError,
  RepoFileConflictError,
  RepoFileFormatError,
  RepoFileMissingError,
} from './repo-errors.ts';
export { FileTemplates, LiteralPlaceholderError } from './file-templates.ts';
export { diffSpaceFile, editSpaceFile, syncSpaceFile } from './space-file.ts';
