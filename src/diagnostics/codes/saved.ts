import { codes } from './code-entry.ts';

/** Errors in saved facts and saved plans. */
export const savedCodes = codes({
  'no-facts': {
    severity: 'error',
    title: "The facts folder can't be read",
    cause: "`--facts` names a folder that doesn't exist.",
    mend: '`meshbook facts -i INVENTORY -o FOLDER` creates it; `--offline` plans without any facts.',
    example: {
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts nowhere\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-damaged': {
    severity: 'error',
    title: 'A facts file is damaged, truncated or edited',
    cause:
      'A plan made from it could be wrong in any way. The file ends with a digest of itself, which shows edits by hand.',
    mend: 'Read the facts again: `meshbook facts -i INVENTORY -o FOLDER`.',
    example: {
      files: { 'facts/docker1.json': '-{ "meshbook_facts": 2, "host":\n+{}' },
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts facts\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-version': {
    severity: 'error',
    title: 'A facts file was written by another version of meshbook',
    cause: 'It could be misread.',
    mend: 'Read the facts again.',
    example: {
      files: { 'facts/docker1.json': ' { "meshbook_facts": 999, "host": "docker1" }' },
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts facts\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-of-another': {
    severity: 'error',
    title: 'A facts file belongs to another host',
    cause: 'Each file is named after its host; this one was renamed or copied.',
    mend: "Read the facts again, or restore the file's name.",
  },
  'plan-damaged': {
    severity: 'error',
    title: 'A saved plan is damaged, truncated or edited',
    cause:
      'It would no longer be what was reviewed. The file ends with a digest of itself, which shows edits by hand.',
    mend: 'Make the plan again: `meshbook plan -o FILE`.',
    example: {
      files: { 'lab.plan': ' {\n "meshbook_plan": 3,' },
      command: '-meshbook show lab.plan\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'plan-version': {
    severity: 'error',
    title: 'A saved plan was made by another version of meshbook',
    cause: 'Another version may plan differently, and could misread the file.',
    mend: 'Use the meshbook that made it, or make the plan again.',
    example: {
      files: { 'lab.plan': ' {\n "meshbook_plan": 999,' },
      command: '-meshbook show lab.plan\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'plan-option': {
    severity: 'error',
    title: 'An option would change a saved plan',
    cause: '`apply FILE` applies what was reviewed: its hosts, its steps, its values.',
    mend: 'Give the option to `meshbook plan -o FILE`, and review that plan.',
  },
  'plan-open': {
    severity: 'error',
    title: "A saved plan has steps that could not be resolved, so it can't be applied",
    cause: 'Their templates use `facts` of the host, which were unknown when the plan was made.',
    mend: 'Make the plan over a connection, or from saved facts of these hosts (`--facts`).',
  },
  'plan-stale': {
    severity: 'error',
    title: 'The playbook or the inventory differs from the saved plan',
    cause:
      "A saved plan contains no secrets: they are read from these files again. That is done only if nothing else in the host's steps has changed.",
    mend: 'Make the plan again and review it.',
  },
});
