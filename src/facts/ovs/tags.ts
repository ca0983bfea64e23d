/** What marks a bridge as ours, in its external_ids: the kind that made it. */
export const bridgeTag = 'meshbook';
/** What marks a port as ours: the overlay it belongs to, and the host at its other end. */
export const overlayTag = 'meshbook-overlay';
export const peerTag = 'meshbook-peer';
/** What marks a bridge of which meshbook has enabled RSTP: the overlay that needed it. */
export const rstpTag = 'meshbook-rstp';
