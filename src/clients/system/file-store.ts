import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OptimizerError } from '../../core/index.ts';
import type { FileStore } from '../../ports/index.ts';

/** A file could not be read, written or removed. */
export class FileAccessError extends OptimizerError {
  constructor(action: 'read' | 'write' | 'remove' | 'list', path: string, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    super(
      `Could not ${action} ${path} (${reason}). Check that the folder exists, that you may use it, that the file is not read-only, and that the disk is not full.`,
      {
        code: 'FILE_ACCESS',
        details: { action, path, reason },
        cause,
      },
    );
  }
}

/** Files on disk. Writes create missing folders, and survive a kill at any moment. */
export const nodeFileStore = (): FileStore => STORE;

const STORE: FileStore = {
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw new FileAccessError('read', path, error);
    }
  },
  async write(path, text) {
    let temporary: string | null = null;
    try {
      const { target, mode } = await replacedBy(path);
      const folder = dirname(target);
      await mkdir(folder, { recursive: true });
      // In the same folder: a rename across file systems is a copy, and a copy can be cut short.
      temporary = join(folder, `.${basename(target)}.${randomUUID()}.tmp`);
      await writeDurably(temporary, text, mode);
      await rename(temporary, target);
      await syncFolder(folder);
    } catch (error) {
      if (temporary !== null) await rm(temporary, { force: true });
      throw new FileAccessError('write', path, error);
    }
  },
  async remove(path) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw new FileAccessError('remove', path, error);
    }
  },
  async list(folder) {
    try {
      const found = await filesBelow(folder);
      return found.sort();
    } catch (error) {
      throw new FileAccessError('list', folder, error);
    }
  },
};

/** A file that may not be written, although its folder would allow to replace it. */
class ReadOnlyFile extends OptimizerError {
  constructor(path: string) {
    super(`${path} is read-only. Make it writable first.`, { code: 'EACCES', details: { path } });
  }
}

/**
 * The file that a write to a path replaces, with its rights: a link stays one, and what it leads to changes.
 *
 * A rename asks for rights on the folder alone, so those of the file are looked at here.
 */
async function replacedBy(path: string): Promise<{ readonly target: string; readonly mode: number | null }> {
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    if ((mode & ANYBODY_WRITES) === 0) throw new ReadOnlyFile(path);
    return { target, mode: mode & ALL_RIGHTS };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { target: path, mode: null };
    throw error;
  }
}

const ANYBODY_WRITES = 0o222;
const ALL_RIGHTS = 0o777;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = folder.endsWith('/') ? folder + entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(path)));
    else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path)))) found.push(path);
  }
  return found;
}

/** Links to folders are left out: they may lead back. */
async function leadsToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ELOOP')) return false;
    throw error;
  }
}

/** @param mode - rights of the file; `null`: those that a new file gets */
async function writeDurably(path: string, text: string, mode: number | null): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
    if (mode !== null) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself durable. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
