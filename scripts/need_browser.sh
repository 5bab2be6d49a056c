#!/bin/sh
# Makes sure that a Chromium and Korean fonts are there for the browser tests; installs them on Debian when run as root.
# Elsewhere it says what to do. In CI a missing browser is an error.
set -eu

has_browser() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1 || [ -n "${GONGMO_TEST_CHROMIUM:-}" ]
}
has_fonts() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=ko 2>/dev/null | head -n 1)" ]
}

if has_browser && has_fonts; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and Korean fonts for the browser tests."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
fi
if ! has_browser; then
    echo "The browser tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium fonts-noto-cjk" >&2
    [ "${CI:-}" = "true" ] && exit 1
fi
exit 0
