import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // No DOM: whatever a test reaches must do without, as in React Native or a bot.
    environment: "node",
    testTimeout: 20_000,
  },
});
