// NumPy's arrays and the codec's vectors, for what binds kernels.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <memory>
#include <utility>
#include <vector>

template <class Value>
using Column = nanobind::ndarray<const Value, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;
template <class Value>
using Matrix = nanobind::ndarray<const Value, nanobind::ndim<2>, nanobind::c_contig, nanobind::device::cpu>;

/// A vector as an array that owns it.
template <class Value>
nanobind::ndarray<nanobind::numpy, Value, nanobind::ndim<1>> array_of(std::vector<Value>&& values) {
  auto* owned = new std::vector<Value>(std::move(values));
  nanobind::capsule owner(owned, [](void* data) noexcept { delete static_cast<std::vector<Value>*>(data); });
  return {owned->data(), {owned->size()}, owner};
}

/// What `fill(Value*)` writes, without the GIL, as an array of some shape. Not a vector, which would write
/// its zeros first.
template <class Value, class... Sides, class Fill>
auto filled(Fill fill, Sides... sides) {
  auto numbers = std::make_unique_for_overwrite<Value[]>((std::size_t(1) * ... * sides));
  {
    nanobind::gil_scoped_release release;
    fill(numbers.get());
  }
  Value* data = numbers.get();
  nanobind::capsule owner(numbers.release(),
                          [](void* owned) noexcept { delete[] static_cast<Value*>(owned); });
  return nanobind::ndarray<nanobind::numpy, Value, nanobind::ndim<sizeof...(Sides)>>(data, {sides...}, owner);
}
