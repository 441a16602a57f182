#pragma once
#include <nanobind/nanobind.h>

void bind_crc32c(nanobind::module_& module);
void bind_scan(nanobind::module_& module);
