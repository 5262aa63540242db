// What most tests include, compiled once (tools/build/precompile.py).
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "../host/precompiled.hpp"
