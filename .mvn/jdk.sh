# Sourced by mvnw: points JAVA_HOME at a JDK 25 or newer, wherever the usual installers put it.
# Maven itself then runs on that JDK, so that the formatter and the compiler checks run everywhere.

jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

is_recent_jdk() {
  major=$(jdk_major "$1") && [ -n "$major" ] && [ "$major" -ge 25 ]
}

find_recent_jdk() {
  set +f
  for candidate in "${JAVA_HOME-}" "${JAVA_25_HOME-}" "${JDK25_HOME-}" "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/none/none)")")")" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -n "$candidate" ] && is_recent_jdk "$candidate"; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      set -f
      return 0
    fi
  done
  set -f
  return 1
}

find_recent_jdk || {
  echo "Throughline needs a JDK 25 or newer and none was found: install one (for instance Temurin 25) or point JAVA_HOME at it." >&2
  exit 1
}
