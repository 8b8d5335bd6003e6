#!/usr/bin/python3
"""Writes scikit-learn's handwritten digits in CIFAR-10's binary format: real images without a download.

    make-digits.py DIR

The 1797 images of 8x8 grey levels become 32x32 RGB; 1437 of them are for training
(data_batch_1.bin), 360 for testing (test_batch.bin). The same bytes every time.
"""

import argparse
import os

import numpy

SIDE = 32  # of CIFAR-10's images
TEST_IMAGES = 360


def enlarge(images):
    """[N, 8, 8] to [N, SIDE, SIDE], bilinearly, with pixel centres at halves."""
    old = images.shape[1]
    position = numpy.clip((numpy.arange(SIDE) + 0.5) * old / SIDE - 0.5, 0, old - 1)
    low = numpy.minimum(position.astype(int), old - 2)
    high = position - low  # weight of the pixel after `low`
    rows = images[:, low] * (1 - high)[:, None] + images[:, low + 1] * high[:, None]
    return rows[:, :, low] * (1 - high) + rows[:, :, low + 1] * high


def records(images, labels):
    """CIFAR-10's records: a label byte, then the red, green and blue planes."""
    pixels = numpy.rint(enlarge(images) * 255 / 16).astype(numpy.uint8).reshape(len(images), -1)
    return numpy.hstack([labels.astype(numpy.uint8)[:, None], pixels, pixels, pixels])


def write(path, data):
    temporary = path + ".tmp"
    with open(temporary, "wb") as file:
        file.write(data.tobytes())
    os.replace(temporary, path)
    print(f"{path}: {len(data)} images")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="DIR", help="where to write, made if missing")
    folder = parser.parse_args().folder
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        parser.exit(1, "error: scikit-learn is missing; apt-get install python3-sklearn\n")

    digits = load_digits()
    # The data set is sorted by writer: shuffled, both parts have all of them.
    order = numpy.random.RandomState(0).permutation(len(digits.images))
    data = records(digits.images[order], digits.target[order])
    try:
        os.makedirs(folder, exist_ok=True)
        write(os.path.join(folder, "data_batch_1.bin"), data[TEST_IMAGES:])
        write(os.path.join(folder, "test_batch.bin"), data[:TEST_IMAGES])
    except OSError as error:
        parser.exit(1, f"error: {error}\n")


if __name__ == "__main__":
    main()
