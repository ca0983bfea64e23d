import { codes } from './code-entry.ts';

/** What is wrong with stored facts and saved plans. */
export const savedCodes = codes({
  'no-facts': {
    severity: 'error',
    title: "The folder of facts can't be read",
    cause: "`--facts` names a folder that isn't there.",
    mend: '`meshbook facts -i INVENTORY -o FOLDER` makes it; `--offline` plans from nothing known.',
    example: {
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts nowhere\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-damaged': {
    severity: 'error',
    title: 'A file of facts is damaged, cut off or changed',
    cause:
      'A plan made from it could be wrong in any way. The file has a sum over itself, so that a change by hand is found.',
    mend: 'Read the facts again: `meshbook facts -i INVENTORY -o FOLDER`.',
    example: {
      files: { 'facts/docker1.json': '-{ "meshbook_facts": 1, "host":\n+{}' },
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts facts\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-version': {
    severity: 'error',
    title: 'A file of facts was written by another version of meshbook',
    cause: 'What it says could be misread.',
    mend: 'Read the facts again.',
    example: {
      files: { 'facts/docker1.json': ' { "meshbook_facts": 999, "host": "docker1" }' },
      command:
        '-meshbook plan -i inventory.yml playbook.yml --facts facts\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'facts-of-another': {
    severity: 'error',
    title: "A file of facts holds another host's",
    cause: "Files have their host's name; this one was renamed or copied.",
    mend: 'Read the facts again, or give the file its name back.',
  },
  'plan-damaged': {
    severity: 'error',
    title: 'A saved plan is damaged, cut off or changed',
    cause:
      'It would no longer be what was reviewed. The file has a sum over itself, so that a change by hand is found.',
    mend: 'Make the plan again: `meshbook plan -o FILE`.',
    example: {
      files: { 'lab.plan': ' {\n "meshbook_plan": 1,' },
      command: '-meshbook show lab.plan\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'plan-version': {
    severity: 'error',
    title: 'A saved plan was made by another version of meshbook',
    cause: 'Another version may plan in another way, and what the file says could be misread.',
    mend: 'Use the meshbook that made it, or make the plan again.',
    example: {
      files: { 'lab.plan': ' {\n "meshbook_plan": 999,' },
      command: '-meshbook show lab.plan\n+meshbook plan -i inventory.yml playbook.yml --offline',
    },
  },
  'plan-option': {
    severity: 'error',
    title: 'An option would make another plan of a saved one',
    cause: '`apply FILE` carries out what was reviewed: its hosts, its steps, its values.',
    mend: 'Give the option to `meshbook plan -o FILE`, and review that plan.',
  },
  'plan-open': {
    severity: 'error',
    title: "A saved plan leaves open what steps say, so that it can't be applied",
    cause: 'Their templates use `facts` of the host, of which nothing was known when the plan was made.',
    mend: 'Make the plan over a connection, or from facts of these hosts (`--facts`).',
  },
  'plan-stale': {
    severity: 'error',
    title: 'The playbook or the inventory says something else than the saved plan',
    cause:
      "A saved plan holds no secrets: they are read from these files again. That is done only where nothing else of the host's steps has changed.",
    mend: 'Make the plan again and review it.',
  },
});
