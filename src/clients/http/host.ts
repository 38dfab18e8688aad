import { InvalidOptionError } from '../../core/index.ts';

/**
 * Normal form of a workspace address: with scheme, without path, trailing slash or default port.
 *
 * @throws {InvalidOptionError} when the text is no address, or carries a user name or password
 * @see spec/databricks-apis.md §1.1
 */
export function normalizeHost(host: string): string {
  const text = host.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || url.hostname === '' || !/^https?:$/.test(url.protocol)) {
    throw new InvalidOptionError(
      'host',
      'must be the address of a workspace, such as https://dbc-a1b2.cloud.databricks.com',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new InvalidOptionError(
      'host',
      'must not contain a user name or password: pass a token or a profile instead',
    );
  }
  // `origin` already drops the default port of the scheme.
  return url.origin;
}

/** Whether an address stays on this machine, where plain HTTP is no risk. */
export function isLoopback(host: string): boolean {
  const name = new URL(host).hostname;
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d+){3}$/.test(name)
  );
}
