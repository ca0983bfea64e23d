import { existsSync, readFileSync } from 'node:fs';

/** The part of Vitest's JSON report that is read here. */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly name: string }[];
}

// Ends a CI run with one line, computed from the reports on the command line. A file that could not be loaded has no
// tests of its own, and counts as one failure. No passed test at all is a failure, and so is a missing report: its
// tests never ran.
const paths = process.argv.slice(2);
const missing = paths.filter((path) => !existsSync(path));
const reports = paths
  .filter((path) => !missing.includes(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Report);
const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
const passed = sum((report) => report.numPassedTests);
const failed = sum(({ numFailedTests, testResults }) =>
  Math.max(numFailedTests, testResults.filter(({ status }) => status === 'failed').length),
);
const skipped = sum((report) => report.numPendingTests + report.numTodoTests);
for (const path of missing) console.log(`${path}: missing, these tests did not run`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
const good = missing.length === 0 && reports.every(({ success }) => success) && failed === 0 && passed > 0;
process.exitCode = good ? 0 : 1;
