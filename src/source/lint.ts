import type { Code } from '../diagnostics/codes/registry.ts';
export interface LintFinding {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** An unquoted value that other YAML readers, or human readers, take for something else. */
export function lintPlainScalar(written: string, value: unknown): LintFinding | undefined {
  if (typeof value === 'string' && /^(yes|no|on|off)$/i.test(written)) {
    const meant = /^(yes|on)$/i.test(written);
    return {
      code: 'yaml-boolean',
      message: `${written} is a string in YAML 1.2, not a boolean`,
      hint: `write ${meant}, or '${written}' in quotes for the word`,
    };
  }
  if (typeof value !== 'number') return undefined;
  if (/^[-+]?0[0-9]+$/.test(written)) {
    return {
      code: 'yaml-octal',
      message: `${written} is the decimal number ${value} in YAML 1.2, not an octal one`,
      hint: `write '${written}' in quotes, or ${value}`,
    };
  }
  if (/^[-+]?[0-9]+$/.test(written) && !Number.isSafeInteger(value)) {
    return {
      code: 'yaml-precision',
      message: `${written} is too large for a number and would be read as ${value}`,
      hint: `write '${written}' in quotes`,
    };
  }
  if (String(value) !== written) {
    return {
      code: 'yaml-number',
      message: `${written} is a number, and as a text it would be ${value}`,
      hint: `write '${written}' in quotes, or ${value}`,
    };
  }
  return undefined;
}
