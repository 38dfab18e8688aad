export { BUNDLE_DEFAULTS, BundleClient, type BundleClientOptions, BundleError } from './bundle-client.ts';
