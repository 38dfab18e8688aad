export { currentUser } from './current-user.ts';
export { IdentityClient } from './identity-client.ts';
