#!/bin/sh
# Makes sure that a Chromium and Korean fonts are there for the browser tests; installs them on Debian when run as root.
# Elsewhere it says what to do. In CI a missing browser is an error.
set -eu

has_browser() {
    command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1 || [ -n "${GONGMO_TEST_CHROMIUM:-}" ]
}
has_fonts() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=ko 2>/dev/null | head -n 1)" ]
}

has_light_browser() {
    command -v chromium-headless-shell >/dev/null 2>&1 || [ -n "${GONGMO_TEST_CHROMIUM:-}" ]
}

# A whole Chromium draws windows of its own for each visitor, which doubles the time of the tests; the shell is its core alone.
if has_browser && ! has_light_browser && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    (timeout 60 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 120 \
        apt-get install -y -qq --no-install-recommends chromium-headless-shell) >/dev/null 2>&1 ||
        echo "The whole Chromium is used: there is no chromium-headless-shell to be had."
fi
if has_browser && has_fonts; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and Korean fonts for the browser tests."
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends fonts-noto-cjk fontconfig >/dev/null
    has_browser || apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 ||
        apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
if ! has_browser; then
    echo "The browser tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium-headless-shell fonts-noto-cjk" >&2
    [ "${CI:-}" = "true" ] && exit 1
fi
exit 0
