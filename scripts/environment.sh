# Sourced by the try scripts: Python environments in the repository's folder, ignored by git.
# Needs $home (the repository) and $work (a folder that is thrown away).

# environment NAME makes .venv-NAME with what scripts/environments/NAME.txt pins, unless it is there
# and was made of the same text, and names its folder in $environment.
environment() {
  local pins=$home/scripts/environments/$1.txt
  environment=$home/.venv-$1
  cmp -s "$pins" "$environment/pins.txt" && return
  command -v python3 >/dev/null || { echo "There is no python3 (3.11 or later), which $(basename "$0") needs." >&2; return 1; }
  echo "Making $environment (some minutes and up to 1.3 GB, once) ..."
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
  cp "$pins" "$environment/pins.txt" # last, so that one that was cut off is made anew
}

# leave STATUS throws $work away after a success; after a failure it says where the logs are.
leave() {
  if [ "$1" -eq 0 ]; then
    rm -rf "$work"
  else
    echo "$(basename "$0") failed. Its logs and tables are left in $work" >&2
  fi
}
