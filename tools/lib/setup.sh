# What the scripts in tools/ share: where things are, what must be installed, and building.
# Sourced by bash; expects `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${WAGGLE_BUILD:-$root/build}

build_packages="g++ meson ninja-build ccache pkg-config python3 libboost1.81-dev
 libboost-json1.81-dev libboost-filesystem1.81-dev libboost-test1.81-dev libmosquitto-dev
 libyaml-cpp-dev libspdlog-dev libfmt-dev libssl-dev libcli11-dev libzip-dev libavahi-client-dev
 libcurl4-openssl-dev"
run_packages="mosquitto mosquitto-clients"
test_packages="openssl binutils procps"
ci_packages="clang-16 libclang-rt-16-dev clang-format abigail-tools git"

# ccache takes files that include a precompiled header only when told that their times do not count.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_mtime,include_file_ctime}

say() { printf '\033[1m%s\033[0m\n' "$*"; }
fail() { printf '\033[1;31m%s\033[0m\n' "$*" >&2; exit 1; }

# Installs the Debian packages named that are missing; says which, and what to do when it cannot.
need_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null ||
    fail "These packages are missing and there is no apt-get to install them: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "Run as root, or install by hand: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  local log; log=$(mktemp)
  "${as_root[@]}" apt-get update -qq >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get update failed"; }
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; fail "apt-get could not install ${missing[*]}"; }
  rm -f "$log"
}

# Configures (once) and builds: build_tree DIRECTORY [MESON SETUP ARGUMENT ...]
build_tree() {
  local directory=$1; shift
  [ -f "$directory/build.ninja" ] || {
    say "Configuring $directory"
    meson setup "$directory" "$root" "$@" >"$directory.log" 2>&1 ||
      { tail -n 30 "$directory.log" >&2; fail "meson setup failed; all of it is in $directory.log"; }
    rm -f "$directory.log"
  }
  say "Building"
  ninja -C "$directory" --quiet
}
