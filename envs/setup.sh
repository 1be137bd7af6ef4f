#!/bin/sh
# Sets up what the project needs, and nothing that is there already.
#
#   sh envs/setup.sh          what the report needs
#   sh envs/setup.sh --test   what the tests need as well
#
# In an active conda environment made from envs/environment.yml it installs nothing. Elsewhere it installs the Debian
# packages of envs/apt.txt and the Python packages of envs/requirements.lock, the latter into .venv.
set -eu

# The place itself, not a link to it: stamps and scripts in .venv hold it.
cd -P "$(dirname "$0")/.."
root=$(pwd -P)

# A .venv that has to be made anew can't be made by its own interpreter.
while [ "${PATH#"$root/.venv/bin:"}" != "$PATH" ]; do PATH=${PATH#"$root/.venv/bin:"}; done

# Measured; used in the announcement and to look for room.
download_mb=400
disk_mb=1500
room_mb=2500

# Tests point these elsewhere.
os_release=${COUNTBACK_OS_RELEASE:-/etc/os-release}
system_python=${COUNTBACK_SYSTEM_PYTHON:-/usr/bin/python3}

say() { printf '%s\n' "$*"; }
fail() {
    printf '\nset-up stopped: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

conda_lane="The conda lane works on other systems: conda env create --file envs/environment.yml && conda activate countback"

write_environment() {
    # Quarto runs its pre-render step with this interpreter. Rewritten only if it changed, to keep its time stamp.
    # In quotes: Quarto would put variables for dollars, and end at a hash.
    case $1 in
        *\'*) wanted="QUARTO_PYTHON=\"$1\"" ;;
        *) wanted="QUARTO_PYTHON='$1'" ;;
    esac
    if [ "$(cat _environment.local 2>/dev/null)" != "$wanted" ]; then printf '%s\n' "$wanted" >_environment.local; fi
}

packages_of() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$@"; }

apt_lists() {
    echo envs/apt.txt
    if [ "$1" = "test" ]; then echo envs/apt-test.txt; fi
}

# The place is part of it: scripts in .venv name their interpreter by its full path.
python_stamp() { { printf '%s\n' "$root"; cat envs/requirements.lock envs/installer.lock; } | sha256sum; }

# shellcheck disable=SC2002,SC2046 # one list or two, without spaces in their names
system_stamp() { cat $(apt_lists "$1") | sha256sum; }

has_python_packages() {
    [ -e .venv/set-up-python ] && [ "$(cat .venv/set-up-python)" = "$(python_stamp)" ] &&
        .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null
}

has_system_packages() {
    [ -e ".venv/set-up-$level" ] && [ "$(cat ".venv/set-up-$level")" = "$(system_stamp "$level")" ] && has Rscript
}

is_python_311() {
    has "$1" && "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in python3.11 python3 "$system_python"; do
        if is_python_311 "$candidate"; then command -v "$candidate"; return; fi
    done
}

describe_system() {
    system=unknown
    is_debian_12=no
    if [ -r "$os_release" ]; then
        # Read, not sourced: its names would clash.
        value_of() { sed -n "s/^$1=//p" "$os_release" | tr -d "\"'" | head -n 1; }
        system=$(value_of PRETTY_NAME)
        if [ "$(value_of ID)" = debian ] && [ "$(value_of VERSION_ID)" = 12 ]; then is_debian_12=yes; fi
    fi
}

missing_apt_packages() {
    # shellcheck disable=SC2046
    wanted=$(packages_of $(apt_lists "$level"))
    if [ -n "$python" ]; then
        # A Python 3.11 from elsewhere serves as well.
        wanted=$(printf '%s\n' "$wanted" | grep -vx -e python3 -e python3-venv)
    fi
    # shellcheck disable=SC2086
    installed=$(dpkg-query --show --showformat '${db:Status-Abbrev}${Package}\n' $wanted 2>/dev/null | sed -n 's/^ii *//p')
    for package in $wanted; do
        if ! printf '%s\n' "$installed" | grep -qx "$package"; then echo "$package"; fi
    done
}

# Where there is no apt, what the lists stand for is looked for directly.
missing_elsewhere() {
    if [ -z "$python" ]; then echo "Python 3.11 with its venv module"; fi
    for program in git make; do has "$program" || echo "$program"; done
    if ! has Rscript; then echo "R 4.2 or later"; return; fi
    # shellcheck disable=SC2046
    for package in $(packages_of $(apt_lists "$level") | sed -n 's/^r-cran-//p'); do
        Rscript --vanilla -e "quit(status = !('$package' %in% tolower(rownames(installed.packages()))))" >/dev/null 2>&1 ||
            echo "the R package $package"
    done
}

install_apt_packages() {
    missing=$1
    list=$(printf '%s' "$missing" | tr '\n' ' ')
    by_hand="apt-get update && apt-get install --no-install-recommends $list"
    if [ "$is_debian_12" = no ] && [ "${COUNTBACK_UNTESTED:-}" != 1 ]; then
        fail "this system is $system, and set-up was tested on Debian 12 only." \
            "Missing: $list" "$conda_lane" \
            "To try it here all the same: COUNTBACK_UNTESTED=1 make report"
    fi
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    else
        fail "Debian packages are missing, and installing them needs root or sudo." \
            "Missing: $list" "Ask an administrator for: $by_hand" "$conda_lane"
    fi
    say "Debian packages to install, with what they depend on: $list"
    # shellcheck disable=SC2086
    $as_root apt-get update -qq || fail "the lists of Debian packages could not be brought up to date." \
        "Is there a network? Then try: $by_hand"
    # apt's own words on the size, before anything is done.
    # shellcheck disable=SC2086
    LC_ALL=C apt-get install --assume-no --no-install-recommends $missing 2>/dev/null |
        grep -e 'newly installed' -e 'Need to get' -e 'disk space' || true
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing \
        >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "Debian packages could not be installed." "Try: $by_hand"; }
}

check_room() {
    free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    if [ "$free_mb" -lt "$room_mb" ]; then
        fail "only $free_mb MB are free on the disk that holds $root; set-up needs $room_mb MB." "Make room and run it again."
    fi
}

run_pip() {
    # No packages by version range, none without a hash, none that the locks don't name.
    .venv/bin/python -m pip install --no-deps --require-hashes --no-compile --no-input --disable-pip-version-check \
        --no-warn-script-location --progress-bar off "$@" >>"$log" 2>&1 || {
        grep -v '^WARNING: Location' "$log" | tail -n 20 >&2
        fail "Python packages could not be installed." \
            "Is there a network, and does pip reach its index? Then run it again."
    }
}

make_venv() {
    # Making it anew would empty the folder that the link leads to.
    [ ! -L .venv ] || fail ".venv is a link, and what it leads to is not this project's to change." \
        "Remove the link and run it again: set-up makes a .venv of its own."
    # Scripts of a moved .venv point at its old place, and one that was never finished may hold half a package.
    if [ -e .venv ] && { [ -e .venv/set-up-unfinished ] || ! is_python_311 .venv/bin/python ||
        ! grep -qF "$root/.venv/bin/python" .venv/bin/pip; }; then
        say "The .venv that is there was left unfinished, was moved, or is not of Python 3.11: making it anew."
        "$python" -m venv --clear .venv
    elif [ ! -e .venv ]; then
        "$python" -m venv .venv
    fi
    touch .venv/set-up-unfinished
    rm -f .venv/set-up-python
}

remove_unlocked() {
    names() { sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' "$@" | tr 'A-Z_.' 'a-z--' | sort -u; }
    names envs/requirements.lock envs/installer.lock >.venv/locked
    .venv/bin/python -m pip list --format freeze --disable-pip-version-check 2>/dev/null | names >.venv/installed
    extra=$(comm -13 .venv/locked .venv/installed | tr '\n' ' ')
    if [ -n "$extra" ]; then
        say "No longer in the lock, removed from .venv: $extra"
        # shellcheck disable=SC2086
        .venv/bin/python -m pip uninstall --yes --quiet $extra >>"$log" 2>&1
    fi
}

install_python_packages() {
    count=$(grep -c '^[a-z].*==' envs/requirements.lock)
    if [ -e .venv/set-up-python ]; then
        say "The locks have changed: bringing the $count Python packages in .venv up to date."
    else
        say "Python packages to install into .venv: the $count of envs/requirements.lock (to download about $download_mb MB," \
            "on disk about $disk_mb MB)"
    fi
    check_room
    make_venv
    run_pip --requirement envs/installer.lock
    # rpy2-rinterface is built from source with cffi and setuptools. Build isolation would fetch both again, unlocked.
    awk '/^[^ ]/ { keep = /^(cffi|pycparser)==/ } keep' envs/requirements.lock >.venv/build.lock
    run_pip --requirement .venv/build.lock
    # A compiler may be there or not: the same way of calling R on every machine.
    RPY2_CFFI_MODE=ABI run_pip --no-build-isolation --requirement envs/requirements.lock
    remove_unlocked
    # On all cores, which pip does not; test suites of packages are not run here. A file that can't be compiled is no harm.
    .venv/bin/python -m compileall -q -j 0 -x '/tests?/' .venv/lib >/dev/null 2>&1 || true
}

level=report
case "${1:-}" in
    --test) level="test" ;;
    '') ;;
    *) fail "unknown option $1" "Usage: sh envs/setup.sh [--test]" ;;
esac

case $root in
    *[:{}]*) fail "the path of the checkout holds a colon or a brace, which Python and Snakemake read as their own: $root" \
        "Rename the folder and run it again." ;;
esac

if [ -n "${CONDA_PREFIX:-}" ]; then
    if [ -x "$CONDA_PREFIX/bin/python" ] && [ -x "$CONDA_PREFIX/bin/R" ] && [ -x "$CONDA_PREFIX/bin/snakemake" ]; then
        write_environment "$CONDA_PREFIX/bin/python"
        exit 0
    fi
    say "The active conda environment has no R or no Snakemake, so it was not made from envs/environment.yml: not used."
fi

if has_python_packages && has_system_packages; then
    write_environment "$root/.venv/bin/python"
    exit 0
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

python=$(find_python)
describe_system
say "Setting up what is missing on $system."
if has dpkg-query && has apt-get; then
    missing=$(missing_apt_packages)
    if [ -n "$missing" ]; then
        install_apt_packages "$missing"
        python=$(find_python)
    fi
else
    missing=$(missing_elsewhere)
    if [ -n "$missing" ]; then
        fail "something is missing that can't be installed here: this system is $system, set-up can install on Debian 12 only." \
            "Missing: $(printf '%s' "$missing" | sed 's/$/;/' | tr '\n' ' ')" "$conda_lane"
    fi
fi
if [ -z "$python" ]; then
    fail "no Python 3.11 with its venv module was found, and envs/requirements.lock is made for that version." \
        "Found: $(python3 --version 2>&1 || echo 'no python3 at all')" "$conda_lane"
fi
if ! has Rscript; then fail "R is installed, yet there is no Rscript on the PATH." "PATH is $PATH"; fi

if ! has_python_packages; then install_python_packages; fi
.venv/bin/python -c 'import rpy2.robjects' >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "rpy2 can't start R from $root/.venv." "See what make doctor says."
}

# Last: whatever is interrupted before these lines is done again.
write_environment "$root/.venv/bin/python"
system_stamp report >.venv/set-up-report
if [ "$level" = "test" ]; then system_stamp "test" >".venv/set-up-test"; fi
python_stamp >.venv/set-up-python
rm -f .venv/set-up-unfinished
say "Set up."
