#!/usr/bin/env bash
# Makes src/main/resources/static/ui/vendor of the versions in package.json. Needs Node and npm; nobody else does.
# usage: src/main/ui-vendor/build.sh           the libraries
#        src/main/ui-vendor/build.sh check     the types of our own modules
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ui=$(cd "$here/../resources/static/ui" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/entry.js" "$work"
cd "$work"
npm install --no-package-lock --no-audit --no-fund --silent

if [ "${1:-}" = check ]; then
    exec node_modules/.bin/tsc --noEmit --allowJs --checkJs --strict --target es2022 --module es2022 \
        --moduleResolution bundler --lib es2023,dom,dom.iterable "$ui/main.js"
fi

node_modules/.bin/esbuild entry.js --bundle --minify --format=esm --target=es2022 --legal-comments=none --outfile=vendor.js
cp vendor.js "$ui/vendor/vendor.js"
cp node_modules/uplot/dist/uPlot.min.css "$ui/vendor/uplot.css"
for package in preact htm @preact/signals @preact/signals-core uplot; do
    version=$(node -p "require('./node_modules/$package/package.json').version")
    printf '== %s %s ==\n\n' "$package" "$version"
    cat "node_modules/$package/LICENSE"
    printf '\n\n'
done > "$ui/vendor/LICENSES.txt"
cd "$ui/vendor"
sha256sum LICENSES.txt uplot.css vendor.js > SHA256SUMS
gzip -c vendor.js | wc -c
