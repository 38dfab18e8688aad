import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OptimizerError } from '../../core/index.ts';
import type { FileStore } from '../../ports/index.ts';

/** A file could not be read, written or removed. */
export class FileAccessError extends OptimizerError {
  constructor(action: 'read' | 'write' | 'remove' | 'list', path: string, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    super(
      `Could not ${action} ${path} (${reason}). Check that the folder exists, that you may use it, and that the disk is not full.`,
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
    const folder = dirname(path);
    // In the same folder: a rename across file systems is a copy, and a copy can be cut short.
    const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
    try {
      await mkdir(folder, { recursive: true });
      await writeDurably(temporary, text);
      await rename(temporary, path);
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true });
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
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
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
