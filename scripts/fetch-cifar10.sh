#!/usr/bin/env bash
# Fetches CIFAR-10 (162 MB) and unpacks it, for machines with a network:
#   scripts/fetch-cifar10.sh [DIR]      then: train_rank --data DIR/cifar-10-batches-bin
# An archive that is already in DIR is checked and used, not fetched again.
# Address and checksum: https://www.cs.toronto.edu/~kriz/cifar.html
set -euo pipefail

folder=${1:-.}
name=cifar-10-binary.tar.gz
address=https://www.cs.toronto.edu/~kriz/$name
checksum=c32a1d4ab5d03f1284b67883e8d87530
archive=$folder/$name

fail() {
  echo "error: $*" >&2
  exit 1
}

mkdir -p "$folder"
if [ ! -e "$archive" ]; then
  command -v curl >/dev/null || fail "curl is missing; apt-get install curl"
  curl --fail --location --retry 3 --output "$archive.part" "$address" ||
    fail "cannot fetch $address; scripts/make-digits.py makes data without a network"
  mv "$archive.part" "$archive"
fi

found=$(md5sum "$archive" | cut -d ' ' -f 1)
[ "$found" = "$checksum" ] ||
  fail "$archive has MD5 $found, not $checksum; remove it and try again"

tar -xzf "$archive" -C "$folder"
echo "$folder/cifar-10-batches-bin: $(find "$folder/cifar-10-batches-bin" -name '*_batch*.bin' | wc -l) files"
