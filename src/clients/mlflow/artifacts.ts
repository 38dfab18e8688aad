import * as z from 'zod';
import { OptimizerError } from '../../core/index.ts';
import type { ArtifactEntry, ArtifactOwner, ArtifactStore, CallOptions } from '../../ports/index.ts';
import { NotFoundError, pages, path, PathSegments, ServerError } from '../http/index.ts';
import type { MlflowContext } from './context.ts';
import { credentialWireSchema, getSigned, putSigned, type SignedCredential } from './signed-storage.ts';
import { filesPageSchema } from './wire.ts';

/** The artifacts of a run lie where this client cannot reach them. */
export class ArtifactsUnreachableError extends OptimizerError {
  constructor(artifactUri: string) {
    const scheme = /^[\w-]+:/.exec(artifactUri)?.[0] ?? 'a local path';
    super(
      `Artifacts at ${artifactUri === '' ? 'an unknown place' : scheme} cannot be reached over HTTP. ` +
        'Start the tracking server with --serve-artifacts, or give the experiment an artifact location that it serves.',
      { code: 'ARTIFACTS_UNREACHABLE', details: { scheme } },
    );
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

const credentialsSchema = z.looseObject({ credential_infos: z.array(credentialWireSchema).min(1) });

const modelCredentialsSchema = z.looseObject({
  credentials: z.array(z.looseObject({ credential_info: credentialWireSchema })).min(1),
});

/**
 * Files of runs and logged models: through the proxy of an open-source server, by signed addresses of a workspace, or on a volume.
 *
 * @see spec/mlflow-rest.md §7
 */
export class Artifacts implements ArtifactStore {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** @throws {ArtifactsUnreachableError} */
  async write(
    owner: ArtifactOwner,
    name: string,
    content: string | Bytes,
    options: CallOptions = {},
  ): Promise<void> {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const place = placeOf(owner.artifactUri);
    switch (place.kind) {
      case 'proxy':
        await this.putProxied(place.root, name, bytes, options);
        return;
      case 'volume':
        await this.#context.http.requestBytes({
          ...options,
          method: 'PUT',
          path: volumePath(place.root, name),
          query: { overwrite: true },
          body: bytes,
        });
        return;
      case 'signed':
        await putSigned(
          await this.#credential('write', owner, name, options),
          bytes,
          this.#context.clock,
          options,
        );
    }
  }

  /** The content of a file, or `null` when there is none. @throws {ArtifactsUnreachableError} */
  async read(owner: ArtifactOwner, name: string, options: CallOptions = {}): Promise<Bytes | null> {
    const place = placeOf(owner.artifactUri);
    try {
      switch (place.kind) {
        case 'proxy':
          return await this.#context.http.requestBytes({
            ...options,
            method: 'GET',
            path: proxyPath(place.root, name),
          });
        case 'volume':
          return await this.#context.http.requestBytes({
            ...options,
            method: 'GET',
            path: volumePath(place.root, name),
          });
        case 'signed':
          return await getSigned(
            await this.#credential('read', owner, name, options),
            this.#context.clock,
            options,
          );
      }
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      // Open-source servers report a missing file as a failure of their own.
      if (
        error instanceof ServerError &&
        place.kind === 'proxy' &&
        !(await this.#isProxied(place.root, name, options))
      )
        return null;
      throw error;
    }
  }

  /** Entries directly below a folder of a run or model. */
  async list(
    owner: ArtifactOwner,
    folder = '',
    options: CallOptions = {},
  ): Promise<readonly ArtifactEntry[]> {
    const found: ArtifactEntry[] = [];
    for await (const page of pages(this.#context.http, {
      ...options,
      ...listing(owner, folder),
      schema: filesPageSchema,
    })) {
      found.push(
        ...page.files.map((file) => ({
          path: file.path,
          isFolder: file.is_dir === true,
          size: file.is_dir === true ? null : (file.file_size ?? null),
        })),
      );
    }
    return found;
  }

  /** Puts a file below an artifact root of the proxy (traces keep their spans there). */
  async putProxied(root: string, name: string, bytes: Bytes, options: CallOptions): Promise<void> {
    await this.#context.http.requestBytes({
      ...options,
      method: 'PUT',
      path: proxyPath(root, name),
      body: bytes,
    });
  }

  async #isProxied(root: string, name: string, options: CallOptions): Promise<boolean> {
    const { segments } = new PathSegments(`${root}/${name}`);
    const target = path`/api/2.0/mlflow-artifacts/artifacts`;
    const query = { path: segments.slice(0, -1).join('/') };
    const { files } = await this.#context.http.request({
      ...options,
      method: 'GET',
      path: target,
      query,
      schema: filesPageSchema,
    });
    return files.some((file) => file.path === segments.at(-1));
  }

  async #credential(
    access: 'read' | 'write',
    owner: ArtifactOwner,
    name: string,
    options: CallOptions,
  ): Promise<SignedCredential> {
    const file = new PathSegments(name).segments.join('/');
    if ('modelId' in owner) return this.#modelCredential(access, owner.modelId, file, options);
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/artifacts/${`credentials-for-${access}`}`,
      json: { run_id: owner.runId, path: [file] },
      schema: credentialsSchema,
      retry: 'safe',
    });
    // The schema asks for one at least.
    return answer.credential_infos[0] as SignedCredential;
  }

  /** As for runs, under other names and one level deeper. */
  async #modelCredential(
    access: 'read' | 'write',
    modelId: string,
    file: string,
    options: CallOptions,
  ): Promise<SignedCredential> {
    const action = access === 'read' ? 'credentials-for-download' : 'credentials-for-upload';
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/logged-models/${modelId}/artifacts/${action}`,
      json: { model_id: modelId, paths: [file] },
      schema: modelCredentialsSchema,
      retry: 'safe',
    });
    return answer.credentials[0]?.credential_info as SignedCredential;
  }
}

type Place = { readonly kind: 'proxy' | 'volume'; readonly root: string } | { readonly kind: 'signed' };

/** How the files below an artifact address are reached. */
export function placeOf(artifactUri: string): Place {
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(artifactUri);
  if (proxied?.[1] !== undefined) return { kind: 'proxy', root: proxied[1] };
  const volume = /^dbfs:\/(Volumes\/.+)$/.exec(artifactUri);
  if (volume?.[1] !== undefined) return { kind: 'volume', root: volume[1] };
  if (artifactUri.startsWith('dbfs:')) return { kind: 'signed' };
  throw new ArtifactsUnreachableError(artifactUri);
}

const listing = (owner: ArtifactOwner, folder: string) =>
  'runId' in owner
    ? {
        path: path`/api/2.0/mlflow/artifacts/list`,
        query: { run_id: owner.runId, ...(folder === '' ? {} : { path: folder }) },
      }
    : {
        path: path`/api/2.0/mlflow/logged-models/${owner.modelId}/artifacts/directories`,
        query: folder === '' ? {} : { artifact_directory_path: folder },
      };

const proxyPath = (root: string, name: string) =>
  path`/api/2.0/mlflow-artifacts/artifacts/${new PathSegments(`${root}/${name}`)}`;

const volumePath = (root: string, name: string) =>
  path`/api/2.0/fs/files/${new PathSegments(`${root}/${name}`)}`;
