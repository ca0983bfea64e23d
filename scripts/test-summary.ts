import { readFileSync } from 'node:fs';

/** Vitest's JSON report, as far as it is read here. */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly name: string }[];
}

// Ends a CI run with one line that is computed from the report. A file that could not even be loaded has no
// tests of its own; it counts as one failure. No passed test at all is a failure too.
const report = JSON.parse(readFileSync(process.argv[2] ?? 'coverage/vitest.json', 'utf8')) as Report;
const brokenFiles = report.testResults.filter(({ status }) => status === 'failed').length;
const failed = Math.max(report.numFailedTests, brokenFiles);
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = report.success && failed === 0 && report.numPassedTests > 0 ? 0 : 1;
