import { linkAddressSchema } from '../../facts/link-address.ts';
import { argument, either, flag, list, nothing, oneOf, recordOf, type Schema } from '../../facts/schema.ts';
import { changeSchema } from '../change.ts';
import type { UplinkBridge, UplinkChange, UplinkRoute, UplinkState } from './change.ts';

const route = recordOf<UplinkRoute>({ family: oneOf('inet', 'inet6'), words: list(argument) });
const ownState = recordOf<UplinkBridge>({ up: flag }, { mac: argument, datapathType: argument });
const state = recordOf<UplinkState>({
  bridge: either(ownState, nothing),
  member: flag,
  linkUp: flag,
  holder: oneOf('link', 'bridge'),
});

/** The schema of the changes of one of the two types. */
export function uplinkSchema(type: UplinkChange['type']): Schema {
  return changeSchema<UplinkChange>(type, {
    link: argument,
    bridge: argument,
    addresses: list(linkAddressSchema),
    routes: list(route),
    before: state,
    after: state,
  });
}
