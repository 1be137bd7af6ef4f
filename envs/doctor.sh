#!/bin/sh
# Says what was found on this machine and what is missing. Runs before set-up too, with whatever Python there is.
set -eu
cd -P "$(dirname "$0")/.."

for candidate in "${CONDA_PREFIX:-.venv}/bin/python" .venv/bin/python python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
        exec "$candidate" envs/doctor.py
    fi
done

echo "system   $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release 2>/dev/null || uname -sr)"
echo "MISSING  Python 3.11: nothing else can be looked at without a Python"
echo "         fix: make report installs it on Debian 12; elsewhere use the conda lane:"
echo "         conda env create --file envs/environment.yml && conda activate countback"
exit 1
