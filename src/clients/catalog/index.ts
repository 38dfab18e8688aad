export { CatalogClient, type CatalogClientOptions } from './catalog-client.ts';
export { CatalogEditor, TAG_LIMITS } from './catalog-editor.ts';
