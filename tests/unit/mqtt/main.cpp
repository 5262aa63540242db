#define BOOST_TEST_MODULE mqtt
#include <boost/test/unit_test.hpp>
