export { defineScanCheck, SCAN_SEVERITIES } from './check.ts';
export type { CheckFinding, ScanCheck, ScanContext, ScanFinding, ScanSeverity } from './check.ts';
export { SCAN_CHECKS } from './checks/index.ts';
export { lintInstructions, newLintFindings, scanSpace } from './scan-space.ts';
export type { ScanOptions, ScanReport } from './scan-space.ts';
