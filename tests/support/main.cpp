// The main program of every test executable.
#define BOOST_TEST_MODULE waggle
#include <boost/test/unit_test.hpp>
