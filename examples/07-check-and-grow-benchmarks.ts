/** Checks the answer keys of a small question file, repairs one, and grows the file. Offline, without a model. */
import { addBenchmarks, editBenchmark, formatQualityReport, intake, parseBenchmarks } from 'genie-optimizer';
import { qualityReport, readIntakeTarget, repairFields, validateGroundTruth } from 'genie-optimizer';
import { connect, systemClock } from 'genie-optimizer/clients';
import { startLocalWorkspace } from 'genie-optimizer/local';

const local = await startLocalWorkspace({ sample: 'tpch' });
const workspace = await connect(local); // or: connect({ profile: 'dev' })
let yaml = `orders: # questions of the order desk
  - id: orders_001
    question: How many orders are there?
    expected_sql: SELECT COUNT(*) AS order_count FROM \${tpch_catalog}.\${tpch_schema}.orders
    priority: P0
  - id: orders_002
    question: What share of the items was overdue? # asked every Monday
    expected_sql: SELECT MEASURE(overdue_rate) AS overdue FROM \${catalog}.\${gold_schema}.delivery_metrics
    expected_asset: MV
`;
const questionsOf = (text: string) => parseBenchmarks(text, { domain: 'orders' }).suite.questions;

// #region validate
const { space, catalog } = await readIntakeTarget(workspace, local.spaceId);
const against = {
  sql: workspace.sql,
  space,
  catalog,
  variables: local.sample.variables,
  clock: systemClock(),
};

const { details } = await validateGroundTruth(questionsOf(yaml), against);
for (const { id, reason_code, proposals } of details.filter(({ status }) => status !== 'valid')) {
  const question = questionsOf(yaml).find((one) => one.id === id);
  const [repair] = proposals; // it ran and returned something, but nobody has accepted it yet
  console.log(`${id}: ${reason_code}. ${repair?.description}`);
  if (question !== undefined && repair !== undefined)
    yaml = editBenchmark(yaml, id, repairFields(question, repair, new Date()));
}
// #endregion validate

// #region grow
const { questions, generated, coverage } = await intake({
  ...against,
  domain: 'orders',
  userQuestions: questionsOf(yaml),
  ask: ({ target, uncoveredAssets }) => {
    console.log(`Generate up to ${target} questions? Nobody asks about ${uncoveredAssets.join(', ')}.`);
    return true; // without `ask` nothing is generated
  },
});
console.log(
  `${questions.length} questions, generated: ${generated[0]?.source}, e.g. ${generated[0]?.question}`,
);
const grown = addBenchmarks(yaml, generated, { domain: 'orders' }); // comments and the rest stay as they are
console.log(`The file grew from ${questionsOf(yaml).length} to ${questionsOf(grown).length} questions.`);
console.log(formatQualityReport(qualityReport(questionsOf(grown), { space, coverage })));
// #endregion grow

await local.close();
