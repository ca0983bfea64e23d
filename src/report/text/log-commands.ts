/**
 * What the logs of continuous integration take for commands: GitHub Actions a line that begins with `::NAME`, whatever
 * space stands before it, and `##[NAME]` anywhere; Azure Pipelines `##vso[`; TeamCity `##teamcity[`, in any case.
 * (actions/runner, ActionCommand.cs; Azure Pipelines, "Logging commands"; TeamCity, "Service messages".)
 */
const command = /(?<=^\s*):(?=:[A-Za-z])|#(?=#(?:vso|teamcity)?\[)/gim;

/** Whether the environment is that of a log that has commands. */
export function hasLogCommands(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'].some((name) => (env[name] ?? '') !== '');
}

/** The text without such commands: their first character becomes a visible escape. */
export function withoutLogCommands(text: string): string {
  return text.replace(command, (char) => (char === ':' ? '\\x3a' : '\\x23'));
}
