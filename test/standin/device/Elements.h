// Numbers in device memory as libraries compute with them: read into f32, written rounded.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_ELEMENTS_H
#define AUTOPAR_TEST_STANDIN_DEVICE_ELEMENTS_H

#include <cstddef>
#include <cstdint>

namespace standin {

enum class Element { F32, F64, BF16, F16, I32, U8 };

size_t bytesOf(Element type);

double readElement(const void *elements, Element type, int64_t index);

/// To the nearest, ties to even.
void writeElement(void *elements, Element type, int64_t index, double value);

/// The nearest number of the type.
double rounded(double value, Element type);

/// The nearest of TF32, as tensor cores take f32 factors: 10 bits behind the point.
float roundedToTf32(float value);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_ELEMENTS_H
