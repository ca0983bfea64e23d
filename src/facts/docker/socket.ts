/** Shell that pins Docker's own socket: a user's context or DOCKER_HOST could lead to another daemon. */
export const pinSocket = 'export DOCKER_HOST=unix:///var/run/docker.sock';
