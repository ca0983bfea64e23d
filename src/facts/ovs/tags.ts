/** Marks a bridge as ours, in its external_ids: the kind that made it. */
export const bridgeTag = 'meshbook';
/** Marks a port as ours: the overlay to which it belongs, and the host at its other end. */
export const overlayTag = 'meshbook-overlay';
export const peerTag = 'meshbook-peer';
/** Marks a bridge on which meshbook has enabled RSTP: the overlay that needed it. */
export const rstpTag = 'meshbook-rstp';
