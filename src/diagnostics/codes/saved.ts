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
});
