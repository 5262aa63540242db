// Asio's own non-template code, compiled here once (BOOST_ASIO_SEPARATE_COMPILATION) and not in
// every file that includes it.
#include <boost/asio/impl/src.hpp>
