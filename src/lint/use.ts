import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost, ResolvedStep } from '../model/resolved.ts';

/** A step that makes something, with its params as they are read here: checked against their schema before. */
export interface Use<P> {
  readonly host: ResolvedHost;
  readonly params: P;
  /** Where a param stands, or the step's kind where it isn't written. */
  readonly at: (param?: string) => SourceRange;
}

export interface BridgeParams {
  readonly name: string;
  readonly address?: string | readonly string[];
  readonly members?: readonly string[];
  readonly mtu?: number;
  readonly mac?: string;
  readonly stp?: boolean;
}

export interface TunnelsParams {
  readonly bridge: string;
  readonly overlay: string;
}

/** The host's steps of a kind, without those that take something away. */
export function usesOf<P>(host: ResolvedHost, kind: string): Use<P>[] {
  return stepsOf(host, kind).map((step) => useOf<P>(host, step));
}

/** Their params alone: of every host, many ask for them. */
export function paramsOf<P>(host: ResolvedHost, kind: string): P[] {
  return stepsOf(host, kind).map(({ params }) => params as P);
}

function stepsOf({ steps }: ResolvedHost, kind: string): ResolvedStep[] {
  return steps.filter(({ step, params }) => step.kind === kind && params.state !== 'absent');
}

export function useOf<P>(host: ResolvedHost, { step, params }: ResolvedStep): Use<P> {
  return {
    host,
    params: params as P,
    at: (param) =>
      param === undefined || !Object.hasOwn(params, param)
        ? step.locate([step.kind], 'key')
        : step.locate([step.kind, param]),
  };
}
