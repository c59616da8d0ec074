#!/usr/bin/env bash
# Puts snac2 from the backports of the machine's own Debian into the folder $1. Says in one line why where it cannot.
set -euo pipefail
folder=$1
mkdir -p "$folder/run"
chmod 755 "$folder" "$folder/run"

fail() { echo "$1" >&2; exit 3; }

[ -x "$folder/root/usr/bin/snac" ] && exit 0
command -v apt-get >/dev/null || fail "snac2 is a Debian package, and this is no Debian"
. /etc/os-release
[ "${ID:-}" = debian ] && [ -n "${VERSION_CODENAME:-}" ] || fail "snac2 comes from Debian's backports, and this is ${ID:-unknown}"
# The mirror is the machine's own: whatever its sources name for the release itself.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | awk -v name="$VERSION_CODENAME" '$2 == name { print $1; exit }')
[ -n "$mirror" ] || fail "the machine's sources name no mirror of $VERSION_CODENAME"
signed=$(ls /usr/share/keyrings/debian-archive-keyring.gpg 2>/dev/null || true)
[ -n "$signed" ] || fail "the keys of Debian's archive are not here"
# A list and an index of its own: the machine's are left as they are.
mkdir -p "$folder/apt/lists/partial" "$folder/apt/tmp"
# apt checks signatures as a user of its own, who needs a place to write.
chmod 755 "$folder/apt" && chmod 1777 "$folder/apt/tmp"
export TMPDIR="$folder/apt/tmp"
{
  echo "deb [signed-by=$signed] $mirror $VERSION_CODENAME-backports main"
  cat /etc/apt/sources.list 2>/dev/null || true
} >"$folder/apt/sources.list"
options=(-o "Dir::Etc::sourcelist=$folder/apt/sources.list" -o "Dir::State::lists=$folder/apt/lists")
# Unpacked rather than installed: no service is set up, and the machine's packages stay as they are.
{ apt-get update -q "${options[@]}" && cd "$folder/apt" && apt-get download "${options[@]}" -t "$VERSION_CODENAME-backports" snac2; } \
  >"$folder/run/apt.log" 2>&1 || fail "snac2 cannot be had from $VERSION_CODENAME-backports (see $folder/run/apt.log)"
dpkg -x "$folder"/apt/snac2_*.deb "$folder/root"
said=$("$folder/root/usr/bin/snac" 2>&1 || true)
[[ "$said" == snac* ]] || fail "snac2 does not run here: ${said##*$'\n'}"
