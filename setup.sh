#!/bin/sh
# The two commands of GMM Desktop:
#
#   sh setup.sh run [ARGUMENTS...]     open the window, or whatever the arguments of gmm-desktop ask for
#   sh setup.sh test [ARGUMENTS...]    check and test everything, off screen; the arguments go to pytest
#
# Both first make .venv beside this file, once and again only when pyproject.toml, the folder or the Python
# changes. PYTHON names an interpreter other than python3.

# Lists of libraries and packages are split at their spaces on purpose:
# shellcheck disable=SC2046,SC2086
set -eu

say() { printf 'setup.sh: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# ---------------------------------------------------------------------------------------------- libraries
# What PySide6 takes from the system: the library, who needs it, the Debian package that has it, and that
# package's name from glibc 2.39 on (Debian 13, Ubuntu 24.04) where it is another. "-": part of any Debian, or
# brought by another row's package.
libraries() {
    cat <<'END'
libglib-2.0.so.0        qt      libglib2.0-0            libglib2.0-0t64
libgthread-2.0.so.0     qt      libglib2.0-0            libglib2.0-0t64
libGL.so.1              qt      libgl1
libEGL.so.1             qt      libegl1
libxkbcommon.so.0       qt      libxkbcommon0
libfontconfig.so.1      qt      libfontconfig1
libdbus-1.so.3          qt      libdbus-1-3
libfreetype.so.6        -       libfreetype6
libX11.so.6             -       libx11-6
libGLX.so.0             -       libglx0
libOpenGL.so.0          -       libopengl0
libz.so.1               -       zlib1g
libzstd.so.1            -       libzstd1
libstdc++.so.6          -       libstdc++6
libgcc_s.so.1           -       libgcc-s1
libatomic.so.1          -       libatomic1
libxkbcommon-x11.so.0   xcb     libxkbcommon-x11-0
libX11-xcb.so.1         xcb     libx11-xcb1
libxcb-cursor.so.0      xcb     libxcb-cursor0
libxcb-icccm.so.4       xcb     libxcb-icccm4
libxcb-image.so.0       xcb     libxcb-image0
libxcb-keysyms.so.1     xcb     libxcb-keysyms1
libxcb-randr.so.0       xcb     libxcb-randr0
libxcb-render-util.so.0 xcb     libxcb-render-util0
libxcb-shape.so.0       xcb     libxcb-shape0
libxcb-sync.so.1        xcb     libxcb-sync1
libxcb-xfixes.so.0      xcb     libxcb-xfixes0
libxcb-xkb.so.1         xcb     libxcb-xkb1
libxcb.so.1             -       libxcb1
libxcb-render.so.0      -       libxcb-render0
libxcb-shm.so.0         -       libxcb-shm0
libxcb-util.so.1        -       libxcb-util1
libXext.so.6            -       libxext6
libSM.so.6              -       libsm6
libICE.so.6             -       libice6
libwayland-client.so.0  wayland libwayland-client0
libwayland-cursor.so.0  wayland libwayland-cursor0
libwayland-egl.so.1     -       libwayland-egl1
END
}

# Whether packages bear the names of glibc 2.39 and later.
new_names() {
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 1
    glibc=${glibc#glibc }
    [ "${glibc%%.*}" -gt 2 ] || { glibc=${glibc#*.} && [ "${glibc%%.*}" -ge 39 ]; }
}

# The package that has the library $1; nothing where the table does not know it.
package_of() {
    libraries | while read -r library _ package newer; do
        [ "$library" = "$1" ] || continue
        if [ -n "$newer" ] && new_names; then echo "$newer"; else echo "$package"; fi
    done
}

# Which Qt platform the command $1 needs beside the off-screen one: xcb, wayland or none.
display() {
    case $1-${QT_QPA_PLATFORM-} in
    run- | run-xcb* | run-wayland*) ;;
    *)
        echo none
        return
        ;;
    esac
    if [ -n "${DISPLAY-}" ]; then
        echo xcb
    elif [ -n "${WAYLAND_DISPLAY-}" ]; then
        echo wayland
    else
        echo none
    fi
}

# The libraries that the installed PySide6 does not find, for the platform $1. The plugin's own complaint names
# one library even where others are missing: only the loader knows.
missing_libraries() {
    for qt in "$venv"/lib/python3*/site-packages/PySide6; do
        ldd "$qt"/QtGui.*so "$qt"/QtWidgets.*so "$qt"/QtSvg.*so "$qt/Qt/plugins/platforms/libqoffscreen.so" \
            "$qt/Qt/plugins/platforms/libq$1.so" 2>/dev/null
    done | sed -n 's/^[[:space:]]*\([^[:space:]]*\) => not found.*/\1/p' | sort -u
}

# Before PySide6 is there: the libraries of the table that the loader does not list, for the platform $1.
expected_libraries() {
    listed=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || listed=
    libraries | while read -r library needed _; do
        case $needed in qt | "$1") ;; *) continue ;; esac
        case $listed in *"$library "*) ;; *) echo "$library" ;; esac
    done
}

# ---------------------------------------------------------------------------------------- system packages
# Installs the packages as root; otherwise says which line does.
install_packages() {
    set -- /var/lib/apt/lists/*_Packages* -- "$@"
    if [ -e "$1" ]; then update=; else update=yes; fi
    while [ "$1" != -- ]; do shift; done
    shift
    if [ "$(id -u)" -ne 0 ]; then
        say "this system lacks packages that GMM Desktop needs. Please run this line, then the same command again:"
        line="apt-get install -y --no-install-recommends $*"
        if command -v sudo >/dev/null 2>&1; then
            printf '    %s\n' "${update:+sudo apt-get update && }sudo $line" >&2
        else
            printf '    %s\n' "su -c '${update:+apt-get update && }$line'" >&2
        fi
        exit 1
    fi
    say "installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    [ -z "$update" ] || apt-get update </dev/null >&2 || :
    apt-get install -y --no-install-recommends "$@" </dev/null >&2 && return
    # Lists that have gone stale name packages that are no longer there.
    apt-get update </dev/null >&2 && apt-get install -y --no-install-recommends "$@" </dev/null >&2 && return
    fail "apt-get could not install the packages above; is this machine online?"
}

fail_without() {
    fail "Qt cannot load, since this system lacks: $*. Please install what has them with its package manager," \
        "then run the same command again."
}

# The packages for the libraries $@, one name each; fails where a library has no package that we know.
packages_for() {
    unknown=
    packages=
    for name in "$@"; do
        package=$(package_of "$name")
        case "$packages " in
        *" ${package:-/} "*) ;;
        *) if [ -n "$package" ]; then packages="$packages $package"; else unknown="$unknown $name"; fi ;;
        esac
    done
    [ -z "$unknown" ] || fail_without $unknown
}

# Sees to it that the installed Qt finds its libraries, for the command $1.
check_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(missing_libraries "$(display "$1")")
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null 2>&1 || fail_without $missing
    packages_for $missing
    install_packages $packages
    missing=$(missing_libraries "$(display "$1")")
    [ -z "$missing" ] || fail "Qt still lacks" $missing "although their packages are installed."
}

# ------------------------------------------------------------------------------------------------- Python
find_python() {
    python=${PYTHON:-python3}
    command -v "$python" >/dev/null 2>&1 ||
        fail "there is no $python here. GMM Desktop needs Python 3.11 to 3.14; PYTHON=/path/to/python names one."
    # The base interpreter: in an activated .venv, python3 is part of what may have to be made anew.
    found=$("$python" -c 'import sys
print("%d.%d.%d" % sys.version_info[:3] + " " + (getattr(sys, "_base_executable", "") or sys.executable))') ||
        fail "$python does not start. PYTHON=/path/to/python names another one."
    version=${found%% *}
    base=${found#* }
    case $version in
    3.1[1-9].* | 3.[2-9][0-9].*) ;;
    *) fail "Python $version is too old: GMM Desktop needs 3.11 to 3.14. PYTHON=/path/to/python names another one." ;;
    esac
}

# Sees to it that Python can make a virtual environment; Debian leaves that out of python3.
check_venv_module() {
    "$base" -c 'import ensurepip, venv' 2>/dev/null && return
    command -v apt-get >/dev/null 2>&1 ||
        fail "$base lacks its modules venv and ensurepip. Please install them, then run the same command again."
    case ${python##*/} in python3.*) module=${python##*/}-venv ;; *) module=python3-venv ;; esac
    # All at once, so that a person without root's rights is asked once.
    packages_for $(expected_libraries "$(display "$1")")
    install_packages "$module" $packages
    "$base" -c 'import ensurepip, venv' || fail "$base still lacks its modules venv and ensurepip."
}

# Makes .venv and installs into it what the command $1 needs, unless its stamp says that this is done. Whatever is
# interrupted leaves no stamp and is made anew.
install() {
    stamp=$venv/gmm-desktop.stamp
    place="$version $project"
    checksum=$(cksum <"$project/pyproject.toml")
    made='' installed='' extra=''
    if [ -x "$venv/bin/python" ] && [ -r "$stamp" ]; then
        { read -r made && read -r installed && read -r extra; } <"$stamp" || made=
    fi
    if [ "$made" = "$place" ] && [ "$installed" = "$checksum" ] && { [ "$1" = run ] || [ "$extra" = test ]; }; then
        return
    fi
    if [ "$made" = "$place" ]; then
        rm -f "$stamp"
    else
        check_venv_module "$1"
        say "making $venv with Python $version"
        rm -rf "$venv" || fail "$venv cannot be removed, and it has to be made anew."
        "$base" -m venv "$venv" >&2 || fail "Python could not make $venv."
    fi
    case $1 in run) extras=. ;; *) extras='.[test]' ;; esac
    say "installing what GMM Desktop needs into $venv"
    failure=0
    (cd "$project" && "$venv/bin/python" -m pip install --disable-pip-version-check -e "$extras" >&2) || failure=$?
    if [ $failure -ne 0 ]; then
        # A pip that fails, rather than being killed, has put back what it changed: what was whole still is.
        [ $failure -gt 2 ] || [ "$made" != "$place" ] || printf '%s\n' "$made" "$installed" "$extra" >"$stamp"
        fail "pip could not install what GMM Desktop needs: its last lines above say why. Is this machine online?"
    fi
    printf '%s\n' "$place" "$checksum" "$1" >"$stamp.new"
    mv "$stamp.new" "$stamp"
}

# ------------------------------------------------------------------------------------------- two commands
run() {
    if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
        # A window that nobody can see helps nobody: without these the app itself says that there is no display.
        case ${QT_QPA_PLATFORM-} in offscreen* | minimal*) unset QT_QPA_PLATFORM ;; esac
    fi
    # -P: the caller's folder is not a place to import from.
    exec "$venv/bin/python" -P -m gmm_desktop "$@"
}

check() {
    name=$1
    shift
    printf '\n=== %s\n' "$name"
    "$@" || failed="$failed${failed:+, }$name"
}

test_all() {
    cd "$project"
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # The settings of whoever runs the tests are neither read nor written, and nothing is left outside the project.
    export QT_QPA_PLATFORM=offscreen TMPDIR="$scratch" XDG_CONFIG_HOME="$scratch" XDG_CACHE_HOME="$scratch"
    export XDG_DATA_HOME="$scratch" XDG_STATE_HOME="$scratch" XDG_RUNTIME_DIR="$scratch"
    bin=$venv/bin
    printf '=== Qt loads\n'
    "$bin/python" -c 'from PySide6 import QtSvg, QtTest, QtWidgets
QtWidgets.QApplication([])' || fail "Qt cannot be loaded, so nothing was tested: its message above says why."
    failed=
    check "ruff check" "$bin/ruff" check .
    check "ruff format" "$bin/ruff" format --check .
    check "mypy" "$bin/mypy"
    check "import contract" "$bin/lint-imports"
    check "pytest" "$bin/python" -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal "$@"
    echo
    [ -z "$failed" ] || fail "failed: $failed"
    say "all checks and tests passed"
}

project=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
venv=$project/.venv
case ${1-} in
run | test) ;;
*)
    say "usage: sh setup.sh run [ARGUMENTS...] | sh setup.sh test [ARGUMENTS...]"
    exit 2
    ;;
esac
command=$1
shift
find_python
install "$command"
check_libraries "$command"
if [ "$command" = run ]; then run "$@"; else test_all "$@"; fi
