#include "ota/image.hpp"

#include <boost/test/unit_test.hpp>

#include "support/hex.hpp"

using namespace waggle;
using namespace waggle::ota;
using waggle::test::hex;

namespace {

/// Manufacturer 0x115F, type 0x0101, version 22, header string "DR1175r1v1UNENCRYPTED00000JN5169",
/// as the QBKG04LM's, with eight octets of firmware.
const std::string plain =
    "1EF1EE0B 0001 3800 0000 5F11 0101 16000000 0200"
    "4452313137357231763155 4E454E435259505445443030303030 4A4E35313639"
    "46000000"
    "0000 08000000 0102030405060708";

/// Every optional field, and two elements.
const std::string full =
    "1EF1EE0B 0001 4500 0700 7C11 0221 34120000 0200"
    "4162 000000000000000000000000000000000000000000000000000000000000"
    "58000000 01 0807060504030201 0100 0A00"
    "0000 03000000 AABBCC 0300 04000000 01020304";

Bytes with(const Bytes& before, const Bytes& image, const Bytes& after) {
    Bytes all = before;
    all.insert(all.end(), image.begin(), image.end());
    all.insert(all.end(), after.begin(), after.end());
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image)

BOOST_AUTO_TEST_CASE(a_plain_image_is_read) {
    std::string problem;
    const auto file = hex(plain);
    const auto image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->header.manufacturer == 0x115F);
    BOOST_TEST(image->header.image_type == 0x0101);
    BOOST_TEST(image->header.file_version == 22u);
    BOOST_TEST(image->header.stack_version == 2);
    BOOST_TEST(image->header.text == "DR1175r1v1UNENCRYPTED00000JN5169");
    BOOST_TEST(!image->header.hardware.has_value());
    BOOST_REQUIRE(image->elements.size() == 1u);
    BOOST_TEST(to_string(image->elements[0].tag) == "upgrade image");
    BOOST_TEST(image->elements[0].data.size() == 8u);
    BOOST_TEST(image->before == 0u);
    BOOST_TEST(image->after == 0u);
}

BOOST_AUTO_TEST_CASE(every_optional_field_is_read) {
    std::string problem;
    const auto file = hex(full);
    const auto image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->header.text == "Ab");
    BOOST_TEST(image->header.security_credential.value() == 1);
    BOOST_TEST(image->header.destination.value().to_string() == "0x0102030405060708");
    BOOST_TEST(image->header.hardware.value().least == 1);
    BOOST_TEST(image->header.hardware.value().most == 10);
    BOOST_REQUIRE(image->elements.size() == 2u);
    BOOST_TEST(to_string(image->elements[1].tag) == "image integrity code");
}

BOOST_AUTO_TEST_CASE(an_image_is_found_in_its_container) {
    std::string problem;
    // The container's own header holds the four octets by chance.
    const auto file = with(hex("4E47 1EF1EE0B 00"), hex(plain), hex("FFFFFF"));
    const auto image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->before == 7u);
    BOOST_TEST(image->after == 3u);
    BOOST_TEST((Bytes(image->bytes.begin(), image->bytes.end()) == hex(plain)));
}

BOOST_AUTO_TEST_CASE(telinks_element_has_two_octets_more) {
    auto file = hex(plain);
    file[52] = 0x48;  // total size
    file[56] = 0x00;  // tag 0xF000
    file[57] = 0xF0;
    const Bytes information = {0x00, 0x00};
    file.insert(file.begin() + 62, information.begin(), information.end());
    std::string problem;
    const auto image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->elements[0].data.size() == 8u);
    BOOST_TEST(image->elements[0].data[0] == 1);
}

// As 100B-0112-01002E00 of Hue, whose firmware is encrypted with its tags and lengths, and as
// trvzb_v1.4.4 of Sonoff, which counts Telink's two octets in the length.
BOOST_AUTO_TEST_CASE(the_last_element_may_say_more_than_there_is) {
    auto file = hex(plain);
    file[60] = 0x17;
    std::string problem;
    auto image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->elements.at(0).is_cut);
    BOOST_TEST(image->elements.at(0).data.size() == 8u);
    BOOST_TEST(image->bytes.size() == file.size());

    file = hex(plain);
    file[57] = 0xF0;  // tag 0xF000, and no room for two octets more
    image = parse_image(file, problem);
    BOOST_REQUIRE_MESSAGE(image.has_value(), problem);
    BOOST_TEST(image->elements.at(0).is_cut);
    BOOST_TEST(image->elements.at(0).data.size() == 6u);
    BOOST_TEST(!parse_image(hex(plain), problem)->elements.at(0).is_cut);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused_with_a_reason) {
    for (const auto& text : {plain, full}) {
        const auto whole = hex(text);
        for (std::size_t n = 0; n < whole.size(); ++n) {
            std::string problem;
            const auto image = parse_image(ByteView(whole).first(n), problem);
            BOOST_TEST(!image.has_value(), "cut to " << n);
            BOOST_TEST(!problem.empty());
            const auto expected = n < 4 ? Errc::not_found : Errc::truncated;
            BOOST_TEST((image.error() == expected), "cut to " << n);
        }
    }
}

BOOST_AUTO_TEST_CASE(lengths_that_contradict_each_other_are_named) {
    const auto refused = [](Bytes file) {
        std::string problem;
        const auto image = parse_image(file, problem);
        BOOST_TEST((!image && image.error() == Errc::malformed), problem);
        return problem;
    };
    auto file = hex(plain);
    file[58] = 0x09;  // one octet more than there is, and the file goes on
    file.push_back(0xFF);
    BOOST_TEST(refused(file) ==
               "the element with tag 0x0000, 14 octets before the image's end, says "
               "that it has 9");
    file = hex(plain);
    file[58] = 0x07;  // one octet is left over
    refused(file);
    file = hex(plain);
    file[6] = 0x37;  // shorter than its fields
    BOOST_TEST(refused(file).find("its header says that it has 55 octets") != std::string::npos);
    file = hex(plain);
    file[6] = 0xFF;  // longer than the image
    refused(file);
    file = hex(full);
    file[6] = 0x44;  // shorter than its optional fields
    refused(file);
}

BOOST_AUTO_TEST_SUITE_END()
