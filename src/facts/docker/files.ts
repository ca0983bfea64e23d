/** dockerd's own configuration file. */
export const configPath = '/etc/docker/daemon.json';

/** meshbook's drop-in for docker.service: its name sorts last, so it takes effect. */
export const dropInPath = '/etc/systemd/system/docker.service.d/zz-meshbook.conf';
