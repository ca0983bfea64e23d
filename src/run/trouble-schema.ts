import { integer, recordOf, text } from '../facts/schema.ts';
import type { StepPlace, Trouble } from './events.ts';

/** A step's name and place in records and saved plans. */
export const placeSchema = recordOf<StepPlace>({ name: text }, { at: text });

/** A trouble in records and saved plans. */
export const troubleSchema = recordOf<Trouble>(
  { code: text, message: text },
  { hint: text, output: text, step: placeSchema, exitStatus: integer },
);
