import * as z from 'zod';
import type { CallOptions, Clock } from '../../ports/index.ts';
import { existingPath, HttpClient } from '../http/index.ts';
import { orNull } from '../or-null.ts';

/** Permission to write or read one file in cloud storage. */
export const credentialWireSchema = z.looseObject({
  signed_uri: z.string(),
  type: z.string().nullish(),
  headers: z
    .array(z.looseObject({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((headers) => headers ?? []),
});

export type SignedCredential = z.infer<typeof credentialWireSchema>;

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Puts a file where a signed address says. The address is the permission: no token of ours goes along.
 *
 * @see spec/mlflow-rest.md §7
 */
export async function putSigned(
  credential: SignedCredential,
  content: Bytes,
  clock: Clock,
  options: CallOptions,
): Promise<void> {
  const send = (
    method: 'PUT' | 'PATCH',
    extraQuery: string,
    body: Bytes,
    headers: Readonly<Record<string, string>> = {},
  ) => storageCall(credential, method, clock, options, { extraQuery, body, headers });
  switch (credential.type ?? '') {
    case 'AZURE_SAS_URI':
      await send('PUT', '', content, { 'x-ms-blob-type': 'BlockBlob' });
      return;
    case 'AZURE_ADLS_GEN2_SAS_URI':
      await send('PUT', 'resource=file', new Uint8Array());
      await send('PATCH', 'action=append&position=0', content);
      await send('PATCH', `action=flush&position=${content.byteLength}`, new Uint8Array());
      return;
    default:
      await send('PUT', '', content);
  }
}

/** The file behind a signed address, or `null` when there is none. */
export const getSigned = (
  credential: SignedCredential,
  clock: Clock,
  options: CallOptions,
): Promise<Bytes | null> => orNull(storageCall(credential, 'GET', clock, options, {}));

function storageCall(
  credential: SignedCredential,
  method: 'GET' | 'PUT' | 'PATCH',
  clock: Clock,
  options: CallOptions,
  more: {
    readonly extraQuery?: string;
    readonly body?: Bytes;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Bytes> {
  const url = new URL(credential.signed_uri);
  const query = [url.search.slice(1), more.extraQuery ?? ''].filter((part) => part !== '').join('&');
  const given = Object.fromEntries(credential.headers.map(({ name, value }) => [name, value]));
  return new HttpClient({ host: url.origin, clock }).requestBytes({
    ...options,
    method,
    path: existingPath(url),
    query,
    headers: { ...given, ...more.headers },
    ...(more.body === undefined ? {} : { body: more.body }),
  });
}
