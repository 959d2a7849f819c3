#!/bin/sh
# Make a Chromium available to the browser tests: install.sh [python with playwright]
# Where none can be had it says so and succeeds: those tests then skip, with the reason.

python=${1:-python3}

has_browser() {
    test -x "${MUSE_BROWSER:-}" && return
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        # Ubuntu ships a stub of this name that only points to its store: ask it to answer.
        "$name" --version >/dev/null 2>&1 && return
    done
    "$python" - <<'EOF' 2>/dev/null
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
EOF
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

from_debian() {
    # Ubuntu is left out: its package is that stub.
    grep -qx 'ID=debian' /etc/os-release 2>/dev/null && as_root true 2>/dev/null || return 1
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation
}

from_playwright() {
    as_root true 2>/dev/null && "$python" -m playwright install --with-deps chromium ||
        "$python" -m playwright install chromium
}

has_browser && exit 0
echo "Fetching a Chromium for the browser tests ..." >&2
from_debian >&2 && has_browser && exit 0
from_playwright >&2 && has_browser && exit 0
echo "No Chromium could be had: the browser tests will skip. Install one, or point MUSE_BROWSER to one." >&2
