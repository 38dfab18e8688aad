export { WorkspaceFilesClient } from './workspace-files-client.ts';
