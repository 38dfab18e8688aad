export { CatalogClient, type CatalogClientOptions } from './catalog-client.ts';
