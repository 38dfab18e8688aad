/** Values that the suite writes; a second reader compares with them. */
export const MLFLOW_VALUES = {
  params: { iteration: '3', 'note (raw)': 'x'.repeat(300) },
  tags: { 'genie.space': 'sales', 'mlflow.run.isEval': 'true' },
  metrics: [
    { key: 'overall_accuracy', value: 40, step: 0 },
    { key: 'overall_accuracy', value: 82.5, step: 1 },
    { key: 'schema_accuracy/mean', value: 0.75, step: 1 },
  ],
  artifact: { name: 'evaluation/rows 1.json', text: '{"größe":"ünïcode"}\n' },
  model: { name: 'space-v3', params: { space_hash: 'abc' }, tags: { role: 'candidate' } },
  template: 'Judge {{ question }}: "yes" or "no"?',
  record: { inputs: { question: 'How many orders?' }, expectations: { sql: 'SELECT count(*) FROM orders' } },
} as const;
