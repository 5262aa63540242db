#define BOOST_TEST_MODULE zigbee
#include <boost/test/unit_test.hpp>
