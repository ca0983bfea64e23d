/**
 * What CI logs take for commands: GitHub Actions a line that begins with `::NAME` after any space, and `##[NAME]`
 * anywhere; Azure Pipelines `##vso[`; TeamCity `##teamcity[`, in any case. (actions/runner, ActionCommand.cs; Azure
 * Pipelines, "Logging commands"; TeamCity, "Service messages".)
 */
const command = /(?<=^\s*):(?=:[A-Za-z])|#(?=#(?:vso|teamcity)?\[)/gim;

/** Whether output goes to a log that interprets commands, by the environment. */
export function hasLogCommands(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'].some((name) => (env[name] ?? '') !== '');
}

/** The text without such commands: their first character becomes a visible escape. */
export function withoutLogCommands(text: string): string {
  return text.replace(command, (char) => (char === ':' ? '\\x3a' : '\\x23'));
}
