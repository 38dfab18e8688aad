import { OptimizerError } from '../../core/index.ts';

/** A file says something else than the live side did when the change was planned. */
export class RepoFileConflictError extends OptimizerError {
  constructor(
    path: string,
    place: string,
    problem: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(
      `${path} does not fit the change at ${place}: ${problem}. Bring the file and the live side together there, then plan again.`,
      { code: 'REPO_FILE_CONFLICT', details: { path, place, ...details }, cause },
    );
  }
}

/** A file cannot be read, or cannot be edited without touching what the change is not about. */
export class RepoFileFormatError extends OptimizerError {
  constructor(path: string, problem: string, fix: string, cause?: unknown) {
    super(`${path} cannot be edited: ${problem}. ${fix}`, {
      code: 'REPO_FILE_FORMAT',
      details: { path, problem },
      cause,
    });
  }
}

/** Several files describe one object, so nobody can tell which one is deployed. */
export class RepoFileAmbiguousError extends OptimizerError {
  constructor(object: string, paths: readonly string[]) {
    super(
      `${object} is described by ${paths.length} files: ${paths.join(', ')}. Write its full name into the right one, or pass a narrower folder.`,
      { code: 'REPO_FILE_AMBIGUOUS', details: { object, paths } },
    );
  }
}

/** Part of a change has no file, and `persist: 'required'` asks for one. Nothing was written. */
export class RepoFileMissingError extends OptimizerError {
  constructor(missing: readonly { readonly object: string; readonly reason: string }[]) {
    super(
      `The change would exist on the live side only: ${missing.map(({ object, reason }) => `${object} (${reason})`).join('; ')}. Add the files, or pass persist: 'report'.`,
      { code: 'REPO_FILE_MISSING', details: { missing } },
    );
  }
}
