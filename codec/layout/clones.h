#pragma once
#include <cstdlib>  // glibc's macros

/// Compiles a function for AVX2 too and picks one when the module is loaded. Sanitizers cannot be used in
/// what picks.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(CUPOLA_PORTABLE)
#define CUPOLA_CLONES __attribute__((target_clones("arch=haswell", "default")))
#else
#define CUPOLA_CLONES
#endif

/// For what a cloned function calls: compiled into it, and so for the same machine.
#if defined(__GNUC__)
#define CUPOLA_INLINE [[gnu::always_inline]] inline
#else
#define CUPOLA_INLINE inline
#endif
