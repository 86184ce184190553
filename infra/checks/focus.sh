#!/bin/sh
# Makes a FOCUS 1.2 export by the spec of the door and gives it to the public validator (PyPI focus-validator, Python 3.12), which is
# put into a temporary folder. Its composite rules must pass; what fails below them is printed. Needs what `npm test` needs.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3.12}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
# pyarrow 20 and later want a NumPy that the validator does not allow.
"$work/venv/bin/pip" install -q 'focus-validator==2.2.1' 'pyarrow<20'
cd "$root"
FOCUS_SAMPLE="$work/focus.csv" NODE_OPTIONS=--experimental-vm-modules \
  node node_modules/.bin/jest --selectProjects servers --testPathPatterns apps/invoicing/test/focus
criteria=ACCOUNT_NAMING_SUPPORTED,NEGOTIATED_PRICING_SUPPORTED,PUBLIC_PRICE_LIST_SUPPORTED
criteria=$criteria,USAGE_MEASUREMENT_SUPPORTED,UNIT_PRICING_SUPPORTED,SUB_ACCOUNT_SUPPORTED
# The validator reads its tables from where its package is.
cd "$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"
"$work/venv/bin/focus-validator" --data-file "$work/focus.csv" --validate-version 1.2 --block-download \
  --applicability-criteria "$criteria" --show-violations >"$work/report.txt" 2>&1
grep -E '^Total|FAIL' "$work/report.txt"
# A table that holds together has no failing rule but those that the validator cannot decide (see docs/exports.md).
! grep 'FAIL' "$work/report.txt" | grep -qv 'InvoiceId-C-004-C'
