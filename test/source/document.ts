import { hasErrors } from '../../src/diagnostics/diagnostic.ts';
import { parseYaml, type SourceDocument } from '../../src/source/parse-yaml.ts';
import { lines } from '../diagnostics/lines.ts';

/** A document from a valid text. */
export function document(text: string, path = 'file.yml'): SourceDocument {
  const { value, diagnostics } = parseYaml({ path, text });
  if (value === undefined || hasErrors(diagnostics)) throw new Error(lines(diagnostics).join('\n'));
  return value;
}
