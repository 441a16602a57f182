#pragma once
#include <nanobind/nanobind.h>

void bind_jobs(nanobind::module_& module);
void bind_interrupts(nanobind::module_& module);
