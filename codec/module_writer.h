#pragma once
#include <nanobind/nanobind.h>

void bind_writer(nanobind::module_& module);
