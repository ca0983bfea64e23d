import { codes } from './code-entry.ts';

/** What is wrong with a template, or with a variable. */
export const templateCodes = codes({
  'template-syntax': {
    severity: 'error',
    title: "A template can't be read",
    cause:
      "Something is missing, or stands where it can't: a brace, a bracket, a quote, an operator, the end of a statement.",
    mend: 'Mend it at the place that is named. Text with braces of its own stands between `{% raw %}` and `{% endraw %}`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name | }}" }\n+  - ovs_bridge: { name: "{{ host.name }}" }',
    },
  },
  'template-not-allowed': {
    severity: 'error',
    title: 'A template uses what meshbook leaves out of Jinja',
    cause:
      'Templates give the same value each time and can do nothing else: no calls, no includes, no macros. Comparisons in a row (`a < b < c`) read differently in each language.',
    mend: 'Use a filter, or work the value out in `vars`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name.upper() }}" }\n+  - ovs_bridge: { name: "{{ host.name | upper }}" }',
    },
  },
  'template-too-large': {
    severity: 'error',
    title: 'A template makes or takes too much',
    cause:
      'Loops and texts have limits, so that a slip of the pen fills no memory and a validation always ends.',
    mend: 'Make the template smaller, or use several steps.',
    example: {
      playbook:
        ' hosts: all\n vars: { n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] }\n steps:\n-  - command: { always: true, run: "echo {% for a in n %}{% for b in n %}{% for c in n %}{% for d in n %}{% for e in n %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}" }\n+  - command: { always: true, run: "echo {% for a in n %}x{% endfor %}" }',
    },
  },
  'play-too-large': {
    severity: 'error',
    title: 'A playbook and its inventory take too much together',
    cause:
      'What templates make, loops, variables and host patterns is counted over all hosts and steps, so that reading files that anybody may have written always ends, and fits into the memory.',
    mend: 'Split the playbook, or say the same with fewer hosts, variables and loops.',
  },
  'undefined-variable': {
    severity: 'error',
    title: 'A template names a variable that is not defined',
    cause: 'Nothing gives it a value for this host: neither the inventory, the playbook, the step nor `-e`.',
    mend: "Define it under `vars`, or say what else is meant: `{{ name | default('br0') }}`.",
    example: {
      playbook: ' hosts: all\n+vars: { bridge: br0 }\n steps:\n   - ovs_bridge: { name: "{{ bridge }}" }\n-',
    },
  },
  'variable-cycle': {
    severity: 'error',
    title: 'A variable is made of itself',
    cause: 'Variables may be templates of other variables, but not in a circle.',
    mend: 'Give one of them a value of its own.',
    example: {
      playbook:
        ' hosts: all\n-vars: { a: "{{ b }}", b: "{{ a }}" }\n+vars: { a: "{{ b }}", b: br0 }\n steps:\n   - ovs_bridge: { name: "{{ a }}" }',
    },
  },
  'unknown-filter': {
    severity: 'error',
    title: 'There is no such filter',
    cause: "Filters are a closed set, part of Jinja's and some for addresses.",
    mend: 'Mend the name; docs/guides/playbook.md lists them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name | uper }}" }\n+  - ovs_bridge: { name: "{{ host.name | upper }}" }',
    },
  },
  'unknown-test': {
    severity: 'error',
    title: 'There is no such test',
    cause: 'What may stand behind `is` is a closed set.',
    mend: 'Mend the name.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - { when: "host.name is defind", ovs_bridge: { name: br0 } }\n+  - { when: "host.name is defined", ovs_bridge: { name: br0 } }',
    },
  },
  'filter-arguments': {
    severity: 'error',
    title: "A filter is given what it can't use",
    cause: 'It has too many arguments, too few, or ones that make no sense.',
    mend: 'Mend the arguments.',
    example: {
      playbook:
        " hosts: all\n steps:\n-  - ovs_bridge: { name: \"{{ host.name | replace('', 'x') }}\" }\n+  - ovs_bridge: { name: \"{{ host.name | replace('d', 'x') }}\" }",
    },
  },
  'type-mismatch': {
    severity: 'error',
    title: "An operator or a filter meets a type that it doesn't work on",
    cause: 'meshbook turns no text into a number by itself.',
    mend: 'Turn the value first: `| int`, `| string`, `| bool`.',
    example: {
      playbook:
        ' hosts: all\n vars: { mtu: "1500" }\n steps:\n-  - docker_daemon: { mtu: "{{ mtu - 42 }}" }\n+  - docker_daemon: { mtu: "{{ (mtu | int) - 42 }}" }',
    },
  },
  'not-text': {
    severity: 'error',
    title: 'A list, a mapping or nothing stands inside text',
    cause: 'There is no one way to write it there.',
    mend: "Use `| join(', ')` or `| to_json`; for nothing, `| default('')`.",
    example: {
      playbook:
        ' hosts: all\n vars: { names: [a, b] }\n steps:\n-  - command: { always: true, run: "echo {{ names }}" }\n+  - command: { always: true, run: "echo {{ names | join(\' \') }}" }',
    },
  },
  'not-boolean': {
    severity: 'error',
    title: 'A condition inside a template is neither true nor false',
    cause:
      'An empty list, 0 and `no` are no conditions: which of them is true differs from language to language.',
    mend: 'Ask a question: `{% if names | length > 0 %}`, `{% if name is defined %}`.',
    example: {
      playbook:
        ' hosts: all\n vars: { names: [a, b] }\n steps:\n-  - command: { always: true, run: "echo {% if names %}x{% endif %}" }\n+  - command: { always: true, run: "echo {% if names | length > 0 %}x{% endif %}" }',
    },
  },
  'when-not-boolean': {
    severity: 'error',
    title: '`when` is neither true nor false',
    cause: 'A text such as `no` would count as true in some tools and as false in others.',
    mend: 'Ask a question that has a yes or no for its answer.',
    example: {
      playbook:
        ' hosts: all\n vars: { wanted: "no" }\n steps:\n-  - { when: wanted, ovs_bridge: { name: br0 } }\n+  - { when: wanted != \'no\', ovs_bridge: { name: br0 } }',
    },
  },
  'invalid-address': {
    severity: 'error',
    title: 'What a template or a host gives as an address is none',
    cause:
      "Filters for addresses work on addresses only, and a bridge's address must be one that a host can have in the overlay's range.",
    mend: 'Mend the value.',
    example: {
      playbook:
        ' hosts: all\n vars: { net: ten-dot-zero }\n steps:\n-  - linux_bridge: { name: br0, address: "{{ net | ip }}/24" }\n+  - linux_bridge: { name: br0, address: "{{ \'10.0.0.1/24\' | ip }}/24" }',
    },
  },
});
