// Compiled as every test is; tests/precompiled.hpp is compiled in the same way.
#include "precompiled.hpp"
