/** Continuous integration repeats the same generated cases; elsewhere every run looks at new ones. */
if (process.env['CI']) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ seed: 20_261_122 });
}
