import { defineConfig } from 'vitest/config';

/** Tests of what is published: they read `dist`, so they run after the build. */
export default defineConfig({ test: { include: ['test/package/**/*.test.ts'], testTimeout: 60_000 } });
