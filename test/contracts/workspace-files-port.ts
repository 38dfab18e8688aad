import { describe, expect, it } from 'vitest';
import type { WorkspaceFilesPort } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

export interface WorkspaceFilesSubject {
  readonly files: WorkspaceFilesPort;
  /** Absolute path of a folder that does not exist yet. */
  readonly folder: string;
}

/** What every {@link WorkspaceFilesPort} does. */
export function describeWorkspaceFilesPort(name: string, subject: () => WorkspaceFilesSubject): void {
  describe(`${name} as WorkspaceFilesPort`, () => {
    it('makes a folder, twice without harm', async () => {
      const { files, folder } = subject();
      expect(await files.typeOf(folder)).toBeNull();
      await files.makeFolder(folder);
      await files.makeFolder(folder);
      expect(await files.typeOf(folder)).toBe('DIRECTORY');
    });

    it.each([
      ['text', 'größe: 1\n'],
      ['bytes', new Uint8Array([0, 255, 10, 13])],
      ['nothing', ''],
    ])('gives back what was written: %s', async (_what, content) => {
      const { files, folder } = subject();
      await files.write(`${folder}/file.yaml`, 'older');
      await files.write(`${folder}/file.yaml`, content);
      const read = await files.read(`${folder}/file.yaml`);
      expect(Buffer.from(read ?? [])).toEqual(Buffer.from(content as string));
      expect(await files.typeOf(`${folder}/file.yaml`)).toBe('FILE');
    });

    it('deletes a file, and a folder with all below it', async () => {
      const { files, folder } = subject();
      await files.write(`${folder}/a.txt`, 'a');
      await files.write(`${folder}/b.txt`, 'b');
      await files.delete(`${folder}/a.txt`);
      expect([await files.read(`${folder}/a.txt`), await files.typeOf(`${folder}/b.txt`)]).toEqual([
        null,
        'FILE',
      ]);
      await files.delete(folder, { recursive: true });
      expect(await files.read(`${folder}/b.txt`)).toBeNull();
    });

    it('stops when the signal has fired', async () => {
      const { files, folder } = subject();
      const stopped = files.read(`${folder}/a.txt`, { signal: AbortSignal.abort() });
      expect(await codeOfFailure(stopped)).toBe('ABORTED_BY_CALLER');
    });
  });
}
