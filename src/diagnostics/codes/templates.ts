import { codes } from './code-entry.ts';

/** Errors in a template or a variable. */
export const templateCodes = codes({
  'template-syntax': {
    severity: 'error',
    title: "A template can't be read",
    cause:
      'Something is missing or misplaced: a brace, a bracket, a quote, an operator, the end of a statement.',
    mend: 'Fix it at the given place. Put text that contains braces between `{% raw %}` and `{% endraw %}`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name | }}" }\n+  - ovs_bridge: { name: "{{ host.name }}" }',
    },
  },
  'template-not-allowed': {
    severity: 'error',
    title: "A template uses a Jinja feature that meshbook doesn't have",
    cause:
      "Templates always give the same value and can't do anything else: no calls, no includes, no macros. Chained comparisons (`a < b < c`) mean different things in different languages.",
    mend: 'Use a filter, or compute the value in `vars`.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name.upper() }}" }\n+  - ovs_bridge: { name: "{{ host.name | upper }}" }',
    },
  },
  'template-too-large': {
    severity: 'error',
    title: 'A template produces or needs too much',
    cause: "Loops and texts are limited, so that a typo doesn't fill the memory and validation always ends.",
    mend: 'Make the template smaller, or use several steps.',
    example: {
      playbook:
        ' hosts: all\n vars: { n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20] }\n steps:\n-  - command: { always: true, run: "echo {% for a in n %}{% for b in n %}{% for c in n %}{% for d in n %}{% for e in n %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}" }\n+  - command: { always: true, run: "echo {% for a in n %}x{% endfor %}" }',
    },
  },
  'play-too-large': {
    severity: 'error',
    title: 'A playbook and its inventory are too much together',
    cause:
      'Template output, loops, variables and host patterns are counted over all hosts and steps. The limit ensures that reading files from a stranger always ends, and fits into the memory.',
    mend: 'Split the playbook, or use fewer hosts, variables and loops.',
  },
  'undefined-variable': {
    severity: 'error',
    title: 'A template names a variable that is not defined',
    cause: 'It has no value for this host in the inventory, the playbook, the step or `-e`.',
    mend: "Define it under `vars`, or give a default: `{{ name | default('br0') }}`.",
    example: {
      playbook: ' hosts: all\n+vars: { bridge: br0 }\n steps:\n   - ovs_bridge: { name: "{{ bridge }}" }\n-',
    },
  },
  'variable-cycle': {
    severity: 'error',
    title: 'A variable depends on itself',
    cause: 'Variables may be templates of other variables, but without a cycle.',
    mend: 'Give one of them a plain value.',
    example: {
      playbook:
        ' hosts: all\n-vars: { a: "{{ b }}", b: "{{ a }}" }\n+vars: { a: "{{ b }}", b: br0 }\n steps:\n   - ovs_bridge: { name: "{{ a }}" }',
    },
  },
  'unknown-filter': {
    severity: 'error',
    title: 'There is no such filter',
    cause: "The filters are a closed set: some of Jinja's, and some for addresses.",
    mend: 'Correct the name; docs/guides/playbook.md lists them.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - ovs_bridge: { name: "{{ host.name | uper }}" }\n+  - ovs_bridge: { name: "{{ host.name | upper }}" }',
    },
  },
  'unknown-test': {
    severity: 'error',
    title: 'There is no such test',
    cause: 'Only a closed set of tests can follow `is`.',
    mend: 'Correct the name.',
    example: {
      playbook:
        ' hosts: all\n steps:\n-  - { when: "host.name is defind", ovs_bridge: { name: br0 } }\n+  - { when: "host.name is defined", ovs_bridge: { name: br0 } }',
    },
  },
  'filter-arguments': {
    severity: 'error',
    title: 'A filter has wrong arguments',
    cause: 'There are too many or too few arguments, or their values make no sense.',
    mend: 'Correct the arguments.',
    example: {
      playbook:
        " hosts: all\n steps:\n-  - ovs_bridge: { name: \"{{ host.name | replace('', 'x') }}\" }\n+  - ovs_bridge: { name: \"{{ host.name | replace('d', 'x') }}\" }",
    },
  },
  'type-mismatch': {
    severity: 'error',
    title: 'An operator or a filter is used with a wrong type',
    cause: "meshbook doesn't convert texts to numbers.",
    mend: 'Convert the value first: `| int`, `| string`, `| bool`.',
    example: {
      playbook:
        ' hosts: all\n vars: { mtu: "1500" }\n steps:\n-  - docker_daemon: { mtu: "{{ mtu - 42 }}" }\n+  - docker_daemon: { mtu: "{{ (mtu | int) - 42 }}" }',
    },
  },
  'not-text': {
    severity: 'error',
    title: 'A list, a mapping or an empty value is inside a text',
    cause: 'There is no obvious way to write it as text.',
    mend: "Use `| join(', ')` or `| to_json`; for an empty value, `| default('')`.",
    example: {
      playbook:
        ' hosts: all\n vars: { names: [a, b] }\n steps:\n-  - command: { always: true, run: "echo {{ names }}" }\n+  - command: { always: true, run: "echo {{ names | join(\' \') }}" }',
    },
  },
  'not-boolean': {
    severity: 'error',
    title: 'A condition inside a template is neither true nor false',
    cause: 'An empty list, 0 and `no` are not conditions: languages disagree which of them are true.',
    mend: 'Write a comparison: `{% if names | length > 0 %}`, `{% if name is defined %}`.',
    example: {
      playbook:
        ' hosts: all\n vars: { names: [a, b] }\n steps:\n-  - command: { always: true, run: "echo {% if names %}x{% endif %}" }\n+  - command: { always: true, run: "echo {% if names | length > 0 %}x{% endif %}" }',
    },
  },
  'when-not-boolean': {
    severity: 'error',
    title: '`when` is neither true nor false',
    cause: 'A text such as `no` counts as true in some tools and as false in others.',
    mend: 'Write a condition that is true or false.',
    example: {
      playbook:
        ' hosts: all\n vars: { wanted: "no" }\n steps:\n-  - { when: wanted, ovs_bridge: { name: br0 } }\n+  - { when: wanted != \'no\', ovs_bridge: { name: br0 } }',
    },
  },
  'invalid-address': {
    severity: 'error',
    title: 'A template or a host gives an invalid address',
    cause:
      "Address filters work only on addresses, and a bridge's address must be a host address in the overlay's range.",
    mend: 'Correct the value.',
    example: {
      playbook:
        ' hosts: all\n vars: { net: ten-dot-zero }\n steps:\n-  - linux_bridge: { name: br0, address: "{{ net | ip }}/24" }\n+  - linux_bridge: { name: br0, address: "{{ \'10.0.0.1/24\' | ip }}/24" }',
    },
  },
});
