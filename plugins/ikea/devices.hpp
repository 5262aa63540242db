#pragma once

#include <waggle/definition.hpp>

/// One function a device.
namespace ikea {

waggle::Definition led1545g12(), led2109g6(), led1546g12(), led1623g12(), led2103g5(), led2008g3(),
    led2102g3(), led1936g5(), led2003g10(), led2004g8(), led1937t5(), led1842g3(), led1934g3(),
    led1622g12(), led1924g9(), led1732g11(), led1836g9(), led1736g9(), led2201g8(), led2006r9(),
    led2035g10(), led1624g9(), led2107c4(), led1536g5(), led1835c6(), led2101g4(), led1733g7(),
    led1649c5(), led2002g5(), led1738g7(), led1925g6(), led1935c3(), led2009c3(), led1949c5(),
    led2111g6(), led2104r3(), led1537r6(), led1650r5(), led1837r5(), led1923r5(), led2005r5(),
    led2110r3(), t1820(), t2037(), t2035(), t2105(), t2106(), l2208(), l2207(), l2205(), l2206(),
    l1530(), l1527(), l1529(), l1528(), l1531(), t1828(), t1829(), t2011(), article_90504044(),
    t2030(), g2015(), l2112(), icpshc24_10eu_il_1(), icpshc24_30eu_il_1(), icpshc24_30_il44_1(),
    e160x(), e22xx(), e1743(), e1524(), e2201(), e1757(), e1926();

}  // namespace ikea
