/** Checks a space for well-known problems, asks Genie nothing, and plans what can be mended at once. */
import {
  connect,
  defineScanCheck,
  readSpace,
  referencedObjects,
  SCAN_CHECKS,
  scanSpace,
} from 'genie-optimizer';
import { planPatchSet } from 'genie-optimizer/patch-dsl';
import { startLocalWorkspace } from 'genie-optimizer/local';

const local = await startLocalWorkspace({ sample: 'tpch' });
const { genie, catalog } = await connect(local); // or: await connect({ profile: 'dev' })

// #region scan
const { space } = await readSpace(genie, local.spaceId);
const snapshot = await catalog.snapshot(referencedObjects(space));

const noExclamations = defineScanCheck({
  id: 'no_exclamations',
  severity: 'info',
  explains: 'Instructions that shout.',
  find: ({ statements }) =>
    statements
      .filter(({ text }) => text.includes('!!'))
      .map(({ where, text }) => ({ where: [where], message: `"${text}" shouts.`, advice: 'Say it calmly.' })),
});

const report = await scanSpace(space, { catalog: snapshot, checks: [...SCAN_CHECKS, noExclamations] });
const { error, warning, info } = report.counts;
console.log(`${error} errors, ${warning} warnings, ${info} hints`);
for (const { severity, message } of report.findings.slice(0, 3)) console.log(`${severity}: ${message}`);
// #endregion scan

const plan = planPatchSet({ space, catalog: snapshot }, report.patches, {
  maxObjects: null,
  maxPatches: null,
});
console.log(
  plan.ok
    ? `${report.patches.length} ready patches, cost ${plan.plan.cost}`
    : plan.errors.map(({ message }) => message),
);
await local.close();
