#define BOOST_TEST_MODULE coordinator
#include <boost/test/unit_test.hpp>
