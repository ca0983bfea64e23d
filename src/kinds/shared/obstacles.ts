import type { Obstacle } from '../../persistence/backend.ts';
import type { Problem } from '../define-kind.ts';

/** A network manager's obstacles, as problems of a step whose param names the link. */
export function obstacleProblems(obstacles: readonly Obstacle[], param: string): Problem[] {
  return obstacles.map(({ about, ...said }) => ({ ...said, path: about === 'link' ? [param] : [] }));
}
