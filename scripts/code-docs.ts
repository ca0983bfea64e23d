import { examplePlay } from '../src/diagnostics/codes/example-play.ts';
import { registry, themes } from '../src/diagnostics/codes/registry.ts';
import { exampleParts } from '../src/report/reference/code-text.ts';

/** docs/diagnostics.md: every code with its cause, an example and its fix. The same registry gives the same bytes. */
export function codePage(): string {
  return `<!-- Written by \`npm run docs\` from src/diagnostics/codes. Edits here are lost. -->

# Diagnostics

Errors and warnings begin with \`file:line:column code\`. \`meshbook explain CODE\` shows a code's part of this page in the terminal. Errors end a command with [exit code](reference/exit-codes.md) 1; warnings change no exit code.

In the examples, lines with \`-\` are wrong and lines with \`+\` fix them. Examples without their own inventory or playbook use these:

${fenced('yaml', `${withoutSigns(examplePlay.inventory)}\n---\n${withoutSigns(examplePlay.playbook)}`)}

${themes.map(({ title, codes }) => `- ${title}: ${Object.keys(codes).map(link).join(', ')}`).join('\n')}

${themes.map(({ title, codes }) => [`## ${title}`, ...Object.keys(codes).map(section)].join('\n\n')).join('\n\n')}
`;
}

function link(code: string): string {
  return `[${code}](#${code})`;
}

function section(code: string): string {
  const entry = registry.get(code);
  if (entry === undefined) throw new Error(`${code} is in no registry`);
  const { severity, title, cause, mend, example } = entry;
  const kind = severity === 'either' ? 'Error or warning' : severity === 'error' ? 'Error' : 'Warning';
  return [
    `### ${code}`,
    `${kind}: ${title}.`,
    cause,
    ...(example === undefined
      ? []
      : exampleParts(example).flatMap((part) => [`${part.title}:`, fenced('diff', part.text)])),
    mend,
  ].join('\n\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function withoutSigns(text: string): string {
  return text.replace(/^ /gm, '');
}
