#!/usr/bin/env python3
"""Parley's commands. `python3 manage.py up` starts it, `python3 manage.py test` tests it."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main(argv):
    # Said before anything is imported that an older Python could not even read.
    if sys.version_info < (3, 11):
        sys.exit(
            "Parley needs Python 3.11 or newer, and this is %d.%d. "
            "Run the same command with a newer one, for example: python3.11 manage.py up"
            % sys.version_info[:2]
        )
    import bootstrap

    command = argv[1] if len(argv) > 1 else "help"
    bootstrap.prepare(argv, lock="test" if command == "test" else "run")
    if command == "test":
        os.chdir(HERE)
        from tests.__main__ import main as run_tests

        return run_tests(argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line

    return execute_from_command_line(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
