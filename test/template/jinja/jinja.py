# What real Jinja makes of templates: reads {"variables": …, "templates": […]} and prints a list of texts, with
# null for what Jinja refuses. Run by make-cases.ts. Debian's package is python3-jinja2.
import json
import re
import sys

import jinja2


def text(value):
    """meshbook writes numbers and booleans as YAML does, and neither lists nor nothing."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (list, tuple, dict)):
        raise ValueError('not text')
    return value


environment = jinja2.Environment(
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
    finalize=text,
)
# Jinja's gives a generator, which has no length and no slices.
unique = environment.filters['unique']
environment.filters['unique'] = jinja2.pass_environment(lambda *args: list(unique(*args)))
# meshbook goes over a mapping's pairs without `.items()`.
PAIRS = re.compile(r"(for key, value in (?:host\.ports|\{.*?\}))")
given = json.load(sys.stdin)
results = []
for template in given['templates']:
    try:
        results.append(environment.from_string(PAIRS.sub(r'\1.items()', template)).render(given['variables']))
    except Exception:
        results.append(None)
json.dump(results, sys.stdout)
