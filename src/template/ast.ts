import { limits, tooDeep } from './budget.ts';
import type { Span } from './template-error.ts';

/** Common to all expressions: the position, and the levels of nested expressions. */
interface Base {
  readonly span: Span;
  readonly depth: number;
}

/** A name in the template and its position: a variable, a filter, a loop's name. */
export interface Word {
  readonly name: string;
  readonly span: Span;
}

/** `at` is the operator or word to which errors of the operation point. */
export type Expression = Base &
  (
    | { readonly type: 'literal'; readonly value: string | number | boolean | null }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'list'; readonly items: readonly Expression[] }
    | { readonly type: 'mapping'; readonly entries: readonly (readonly [string, Expression])[] }
    | {
        readonly type: 'member';
        readonly object: Expression;
        readonly key: Expression;
        /** `x.key`, not `x['key']`. */
        readonly dotted: boolean;
      }
    | {
        readonly type: 'slice';
        readonly object: Expression;
        readonly from: Expression | undefined;
        readonly to: Expression | undefined;
        readonly step: Expression | undefined;
        readonly at: Span;
      }
    | {
        readonly type: 'unary';
        readonly operator: 'not' | '-' | '+';
        readonly operand: Expression;
        readonly at: Span;
      }
    | {
        readonly type: 'binary';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
        readonly at: Span;
      }
    | {
        readonly type: 'choice';
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression;
      }
    | {
        readonly type: 'filter';
        readonly input: Expression;
        readonly filter: Word;
        readonly args: readonly Expression[];
      }
    | {
        readonly type: 'test';
        readonly operand: Expression;
        readonly test: Word;
        readonly negated: boolean;
      }
  );

export type ExpressionOf<T extends Expression['type']> = Extract<Expression, { type: T }>;

/** Undefined: the expression can't be parsed, which is reported. */
export type Parsed = Expression | undefined;

export type Body = readonly Statement[];

export type Statement =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'nothing' }
  | { readonly type: 'output'; readonly expression: Parsed }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly test: Parsed; readonly body: Body }[];
      readonly otherwise: Body;
    }
  | {
      readonly type: 'for';
      /** Undefined if they can't be parsed. */
      readonly targets: readonly Word[];
      readonly iterable: Parsed;
      readonly body: Body;
      readonly otherwise: Body;
    }
  /** Sets a value, or the output of its body. */
  | { readonly type: 'set'; readonly name: string; readonly value: Parsed; readonly body: Body | undefined }
  /** A statement that can't be parsed or that we don't have; reported. */
  | { readonly type: 'broken' };

/** An expression without its depth, which follows from its parts. */
type Shallow = Expression extends infer E ? (E extends unknown ? Omit<E, 'depth'> : never) : never;

/** Adds the depth of the parts. Throws TemplateError if it is too deep for code that walks the tree. */
export function node(made: Shallow, parts: readonly Expression[]): Expression {
  const depth = parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0) + 1;
  if (depth > limits.depth) throw tooDeep(made.span);
  return { ...made, depth };
}
