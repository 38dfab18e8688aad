import { ApiError, notFound } from '../server/api-error.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { cleanPath, entriesBelow } from '../mlflow/artifact-place.ts';

const FILES = '/api/2.0/fs/files/Volumes';
const DIRECTORIES = '/api/2.0/fs/directories/Volumes';

/** Files by place; those of volumes are below `dbfs/Volumes/`. */
export interface VolumeFiles {
  get(place: string): Buffer | undefined;
  set(place: string, content: Buffer): void;
  delete(place: string): void;
  entries(): readonly (readonly [string, Buffer])[];
}

/**
 * Files on volumes of Unity Catalog. A volume comes to be with its first file; its schema must exist.
 *
 * @see spec/mlflow-rest.md §7
 */
export function volumeRoutes(
  files: VolumeFiles,
  schemaExists: (catalog: string, schema: string) => boolean,
): Route[] {
  const placeIn = ({ params }: ApiRequest): string => {
    const path = cleanPath(params['file']);
    const [catalog = '', schema = '', volume] = path.split('/');
    if (volume === undefined) throw notFound(`Volume of '/Volumes/${path}' is not named.`);
    if (!schemaExists(catalog, schema))
      throw new ApiError(404, 'SCHEMA_DOES_NOT_EXIST', `Schema '${catalog}.${schema}' does not exist.`);
    return `dbfs/Volumes/${path}`;
  };
  const read = (request: ApiRequest): Buffer => {
    const file = files.get(placeIn(request));
    if (file === undefined)
      throw notFound(`The file /Volumes/${request.params['file'] ?? ''} does not exist.`);
    return file;
  };
  return [
    {
      method: 'PUT',
      path: `${FILES}/*file`,
      raw: true,
      handle: (request) => {
        const place = placeIn(request);
        if (request.query.get('overwrite') !== 'true' && files.get(place) !== undefined)
          throw new ApiError(409, 'ALREADY_EXISTS', 'The file exists already. Pass overwrite=true.');
        files.set(place, request.bytes);
        return {};
      },
    },
    { method: 'GET', path: `${FILES}/*file`, handle: read },
    { method: 'HEAD', path: `${FILES}/*file`, handle: read },
    {
      method: 'DELETE',
      path: `${FILES}/*file`,
      handle: (request) => {
        read(request);
        files.delete(placeIn(request));
        return {};
      },
    },
    // Folders come to be with their files.
    { method: 'PUT', path: `${DIRECTORIES}/*file`, handle: (request) => void placeIn(request) },
    {
      method: 'GET',
      path: `${DIRECTORIES}/*file`,
      handle: (request) => {
        const place = placeIn(request);
        const path = place.replace(/^dbfs/, '');
        const contents = entriesBelow(files.entries(), place).map((entry) => ({
          path: `${path}/${entry.path}`,
          name: entry.path,
          is_directory: entry.is_dir,
          ...(entry.file_size === undefined ? {} : { file_size: entry.file_size }),
        }));
        return { contents };
      },
    },
  ];
}
