import { parse, tokenize } from '@huggingface/jinja';
import { limits } from './budget.ts';
import { Fault, type Span } from './fault.ts';

/** The parser's tree, as far as we accept it. Its own types aren't exported, and hold no positions. */
export type Node =
  | { readonly type: 'Identifier'; readonly value: string }
  | { readonly type: 'IntegerLiteral' | 'FloatLiteral'; readonly value: number }
  | { readonly type: 'StringLiteral'; readonly value: string }
  | { readonly type: 'ArrayLiteral' | 'TupleLiteral'; readonly value: readonly Node[] }
  | { readonly type: 'ObjectLiteral'; readonly value: ReadonlyMap<Node, Node> }
  | {
      readonly type: 'MemberExpression';
      readonly object: Node;
      readonly property: Node;
      readonly computed: boolean;
    }
  | { readonly type: 'BinaryExpression'; readonly operator: Token; readonly left: Node; readonly right: Node }
  | { readonly type: 'UnaryExpression'; readonly operator: Token; readonly argument: Node }
  | { readonly type: 'FilterExpression'; readonly operand: Node; readonly filter: Node }
  | { readonly type: 'TestExpression'; readonly operand: Node; readonly negate: boolean; readonly test: Node }
  | { readonly type: 'Ternary'; readonly condition: Node; readonly trueExpr: Node; readonly falseExpr: Node }
  | { readonly type: 'CallExpression'; readonly callee: Node; readonly args: readonly Node[] }
  | {
      readonly type: 'If';
      readonly test: Node;
      readonly body: readonly Node[];
      readonly alternate: readonly Node[];
    }
  | {
      readonly type: 'For';
      readonly loopvar: Node;
      readonly iterable: Node;
      readonly body: readonly Node[];
      readonly defaultBlock: readonly Node[];
    }
  | {
      readonly type: 'Set';
      readonly assignee: Node;
      readonly value: Node | null;
      readonly body: readonly Node[];
    }
  | { readonly type: 'Comment' }
  // Everything else is refused by name.
  | {
      readonly type:
        | 'SelectExpression'
        | 'SliceExpression'
        | 'KeywordArgumentExpression'
        | 'SpreadExpression';
    }
  | {
      readonly type:
        | 'KeywordSpreadExpression'
        | 'Macro'
        | 'CallStatement'
        | 'FilterStatement'
        | 'Break'
        | 'Continue';
    };

type Token = ReturnType<typeof tokenize>[number];

export interface Syntax {
  readonly body: readonly Node[];
  /** Where an operator stands; unknown for `not in`, which the parser makes anew. */
  readonly operatorSpan: (operator: Token) => Span | undefined;
}

/** A name and where it stands. */
export interface Name {
  readonly name: string;
  readonly span: Span | undefined;
}

/** Parses a template's text; throws Fault. */
export function parseTemplate(text: string): Syntax {
  // The tokenizer takes this tag out without a word.
  if (/\{%-?\s*(end)?generation\s*-?%\}/.test(text)) throw unknownStatement('generation');
  if (longestBlank(text) > limits.blank) {
    throw new Fault(
      'template-too-large',
      `the template has more than ${limits.blank} blanks or empty lines in a row`,
    );
  }
  // It also drops one newline at the end, which would be missed in a file.
  const tokens = readable(() => tokenize(text.endsWith('\n') ? `${text}\n` : text));
  const starts = locateTokens(text, tokens);
  trimStatementLines(text, tokens, starts);
  tagIdentifiers(tokens, starts);
  return {
    body: readable(() => parse(tokens).body as unknown as Node[]),
    operatorSpan: (operator) => {
      const start = starts.get(operator);
      return start === undefined ? undefined : { start, end: start + operator.value.length };
    },
  };
}

function longestBlank(text: string): number {
  let longest = 0;
  for (const [blank] of text.matchAll(/\s+/g)) longest = Math.max(longest, blank.length);
  return longest;
}

/** The name in an Identifier node, which carries its place since `tagIdentifiers`. */
export function nameOf(node: Node): Name {
  if (node.type !== 'Identifier') throw syntaxFault(`a name is needed where there is ${article(node.type)}`);
  const [name = '', start] = node.value.split('\0');
  if (start === undefined) return { name, span: undefined };
  return { name, span: { start: Number(start), end: Number(start) + name.length } };
}

/** Where an expression begins, if there is a name in it. */
export function spanOf(node: Node): Span | undefined {
  switch (node.type) {
    case 'Identifier':
      return nameOf(node).span;
    case 'MemberExpression':
      return spanOf(node.object);
    case 'BinaryExpression':
      return spanOf(node.left) ?? spanOf(node.right);
    case 'UnaryExpression':
      return spanOf(node.argument);
    case 'FilterExpression':
      return spanOf(node.operand) ?? spanOf(node.filter);
    case 'TestExpression':
      return spanOf(node.operand);
    case 'CallExpression':
      return spanOf(node.callee);
    case 'Ternary':
      return spanOf(node.trueExpr) ?? spanOf(node.condition);
    default:
      return undefined;
  }
}

export function syntaxFault(problem: string, span?: Span): Fault {
  return new Fault('template-syntax', `the template can't be read: ${problem}`, span, syntaxHint);
}

const syntaxHint = "braces that are meant as such are written {{ '{{' }} and {{ '}}' }}";

function unknownStatement(name: string): Fault {
  return new Fault(
    'template-not-allowed',
    `templates have no statement '${name}'`,
    undefined,
    'there are if, for and set',
  );
}

/** The library's errors in our words. It runs into a TypeError where the tokens end too early. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof TypeError || message === 'Unexpected end of input')
      throw syntaxFault('it ends too early');
    if (error instanceof RangeError) throw syntaxFault('it is nested too deeply');
    const problem = message.replace('Parser Error: ', '').replace(/\0\d+/g, '');
    const statement = /^Unknown statement type: (\w+)/.exec(problem)?.[1];
    if (statement !== undefined) throw unknownStatement(statement);
    throw syntaxFault(problem.replace(/^./, (first) => first.toLowerCase()));
  }
}

function article(type: string): string {
  const words = type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}

/** Tokens don't say where they stand, but they come in order and none is left out. */
function locateTokens(text: string, tokens: readonly Token[]): Map<Token, number> {
  const starts = new Map<Token, number>();
  let cursor = 0;
  for (const token of tokens) {
    if (token.type === 'Text') continue; // the tag after it is the next one in the text
    if (token.type === 'Comment') {
      starts.set(token, text.indexOf('{#', cursor));
      cursor = text.indexOf('#}', cursor) + 2;
    } else if (token.type === 'StringLiteral') {
      const start = cursor + text.slice(cursor).search(/['"]/);
      starts.set(token, start);
      cursor = endOfString(text, start);
    } else {
      const start = text.indexOf(token.value, cursor);
      starts.set(token, start);
      cursor = start + token.value.length;
    }
  }
  return starts;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== text[start]) i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** A line that holds one statement or comment and nothing else leaves nothing behind, not even its newline. */
function trimStatementLines(
  text: string,
  tokens: readonly Token[],
  starts: ReadonlyMap<Token, number>,
): void {
  let open: { before: Token | undefined; start: number } | undefined;
  tokens.forEach((token, i) => {
    const start = starts.get(token) as number;
    if (token.type === 'OpenStatement' || token.type === 'Comment') open = { before: tokens[i - 1], start };
    if (!open || (token.type !== 'CloseStatement' && token.type !== 'Comment')) return;
    const end = token.type === 'Comment' ? text.indexOf('#}', start) + 2 : start + 2;
    if (startsLine(text, open.start) && endsLine(text, end)) {
      const { before } = open;
      const after = tokens[i + 1];
      if (before?.type === 'Text') before.value = before.value.replace(/(?<![ \t])[ \t]+$/, '');
      if (after?.type === 'Text' && text[end - 3] !== '-')
        after.value = after.value.replace(/^[ \t]*\r?\n/, '');
    }
    open = undefined;
  });
}

function startsLine(text: string, offset: number): boolean {
  let i = offset - 1;
  while (text[i] === ' ' || text[i] === '\t') i--;
  return i < 0 || text[i] === '\n';
}

function endsLine(text: string, offset: number): boolean {
  let i = offset;
  while (text[i] === ' ' || text[i] === '\t') i++;
  return i >= text.length || text[i] === '\n' || text.startsWith('\r\n', i);
}

/** Words that the parser looks for by their text. */
const keywords = new Set(
  'if elif else endif for endfor in not is or and set endset macro endmacro call endcall break continue filter endfilter'.split(
    ' ',
  ),
);

/** Writes each name's place behind it, so that it survives into the tree. No name holds a NUL. */
function tagIdentifiers(tokens: readonly Token[], starts: ReadonlyMap<Token, number>): void {
  for (const token of tokens) {
    if (token.type === 'Identifier' && !keywords.has(token.value)) token.value += `\0${starts.get(token)}`;
  }
}
