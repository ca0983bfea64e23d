import { integer, recordOf, text } from '../facts/schema.ts';
import type { StepPlace, Trouble } from './events.ts';

/** A step's name and place, as records and saved plans hold them. */
export const placeSchema = recordOf<StepPlace>({ name: text }, { at: text });

/** What went wrong on a host, as records and saved plans hold it. */
export const troubleSchema = recordOf<Trouble>(
  { code: text, message: text },
  { hint: text, output: text, step: placeSchema, exitStatus: integer },
);
