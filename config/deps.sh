#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says which. Needs root or sudo only when something is missing.
set -euo pipefail
build="gcc libc6-dev make pkg-config libevent-dev libpq-dev libxml2-dev libssl-dev libsodium-dev libjansson-dev libconfuse-dev libical-dev
  libcurl4-openssl-dev libseccomp-dev libcsv-dev libbrotli-dev zlib1g-dev postgresql-15 postgresql-client-15 util-linux procps"
tests="libcmocka-dev postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl clang libclang-rt-14-dev libxml2-utils chromium curl openssl"
bench="wrk nginx-light curl openssl libxml2-utils time"
lint="cppcheck clang-tidy clang-format"
proof="valgrind testssl.sh"
wanted=$build
for set in "$@"; do
  case $set in
  tests) wanted="$wanted $tests" ;;
  lint) wanted="$wanted $lint" ;;
  bench) wanted="$wanted $bench" ;;
  proof) wanted="$wanted $proof" ;;
  *) echo "unknown set $set: use tests, bench, lint or proof" >&2; exit 64 ;;
  esac
done
# Node comes from Debian unless the machine has one already.
command -v node >/dev/null || wanted="$wanted nodejs"
command -v npm >/dev/null || wanted="$wanted npm"
have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | awk '$1 == "installed" {print $2}')
missing=$(comm -23 <(printf '%s\n' $wanted | sort -u) <(printf '%s\n' $have | sort -u))
[ -n "$missing" ] || exit 0
echo "Installing Debian packages:" $missing
sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
# Our clusters are private: Debian need not make one of its own when PostgreSQL is installed for us.
if printf '%s\n' $missing | grep -qx postgresql-15 && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  $sudo install -d /etc/postgresql-common
  printf 'create_main_cluster = false\n' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
