import * as z from 'zod';
import type { CallOptions, WorkspaceFilesPort } from '../../ports/index.ts';
import { type HttpClient, path } from '../http/index.ts';
import { orNull } from '../or-null.ts';

const exportSchema = z.looseObject({ content: z.string().nullish() });
const statusSchema = z.looseObject({ object_type: z.string() });

/** Files and notebooks in the workspace tree; paths are absolute (`/Workspace/Shared/x.yaml`). @see spec/databricks-apis.md §7 */
export class WorkspaceFilesClient implements WorkspaceFilesPort {
  readonly #http: HttpClient;

  constructor(options: { readonly http: HttpClient }) {
    this.#http = options.http;
  }

  /** Makes a folder and those above it; nothing happens when it exists. */
  async makeFolder(folder: string, options: CallOptions = {}): Promise<void> {
    await this.#post('mkdirs', { path: folder }, options);
  }

  /** Writes a file of at most 10 MB, replacing what stands there. */
  async write(file: string, content: string | Uint8Array, options: CallOptions = {}): Promise<void> {
    const base64 = Buffer.from(content).toString('base64');
    await this.#post('import', { path: file, content: base64, format: 'AUTO', overwrite: true }, options);
  }

  /** Content of a file, or `null` when there is none. */
  async read(file: string, options: CallOptions = {}): Promise<Uint8Array | null> {
    const query = { path: file, format: 'AUTO' };
    const answer = await orNull(
      this.#http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/workspace/export`,
        query,
        schema: exportSchema,
      }),
    );
    return answer === null ? null : new Uint8Array(Buffer.from(answer.content ?? '', 'base64'));
  }

  /** `NOTEBOOK`, `FILE`, `DIRECTORY`, …, or `null` when nothing stands there. */
  async typeOf(file: string, options: CallOptions = {}): Promise<string | null> {
    const query = { path: file };
    const answer = await orNull(
      this.#http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/workspace/get-status`,
        query,
        schema: statusSchema,
      }),
    );
    return answer?.object_type ?? null;
  }

  async delete(file: string, options: CallOptions & { readonly recursive?: boolean } = {}): Promise<void> {
    await this.#post(
      'delete',
      { path: file, recursive: options.recursive ?? false },
      { signal: options.signal },
    );
  }

  async #post(action: string, json: object, options: CallOptions): Promise<void> {
    await this.#http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/workspace/${action}`,
      json,
      schema: z.looseObject({}),
      retry: 'safe',
    });
  }
}
