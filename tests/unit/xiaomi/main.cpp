#define BOOST_TEST_MODULE xiaomi
#include <boost/test/unit_test.hpp>
