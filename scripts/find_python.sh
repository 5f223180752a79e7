#!/bin/sh
# Prints the path of a Python of the wanted version (`sh scripts/find_python.sh 3.12`) that really runs.
# It looks on the PATH, then among pyenv's versions, then asks uv, which may fetch one.
wanted=$1

# The interpreter behind a command: a pyenv shim may exist and still fail, an activated environment must not
# become the parent of a new one, and Debian's bare python cannot make environments.
probe='
import sys
if "%d.%d" % sys.version_info[:2] != sys.argv[1]:
    sys.exit(1)
import ensurepip, ssl, sqlite3, venv
print(getattr(sys, "_base_executable", sys.executable))
'

try() {
    [ -x "$1" ] && [ ! -d "$1" ] || return 1
    found=$("$1" -c "$probe" "$wanted" 2>/dev/null) && [ -n "$found" ] || return 1
    printf '%s\n' "$found"
}

on_path() {
    rest=$PATH:
    while [ -n "$rest" ]; do
        folder=${rest%%:*}
        rest=${rest#*:}
        try "${folder:-.}/$1" && return 0
    done
    return 1
}

under_pyenv() {
    versions=${PYENV_ROOT:-$HOME/.pyenv}/versions
    newest_first=$(ls "$versions" 2>/dev/null | grep "^$wanted\.[0-9]*\$" | sort -t. -k3,3nr)
    for version in $newest_first; do
        try "$versions/$version/bin/python$wanted" && return 0
    done
    return 1
}

through_uv() {
    for uv in "$(command -v uv)" .venv/bin/uv; do
        [ -x "$uv" ] || continue
        "$uv" python find "$wanted" >/dev/null 2>&1 || {
            echo "  没有找到 Python $wanted，让 uv 下载一个 / no Python $wanted found, asking uv for one" >&2
            "$uv" python install "$wanted" >&2 || continue
        }
        try "$("$uv" python find "$wanted" 2>/dev/null)" && return 0
    done
    return 1
}

on_path "python$wanted" || on_path python3 || on_path python || under_pyenv || through_uv || {
    cat >&2 <<EOF
没有找到能用的 Python $wanted。请安装下面任意一种，然后再运行一次：
No working Python $wanted was found. Install one of these and run the command again:
  pyenv install $wanted                                  (https://github.com/pyenv/pyenv)
  uv python install $wanted                              (https://docs.astral.sh/uv)
  apt-get install python$wanted python$wanted-venv          (where the distribution has it)
EOF
    exit 1
}
