#include "network/install_code.hpp"

#include "network_fixture.hpp"

using namespace waggle;
using namespace waggle::network;
using namespace waggle::test;

namespace {

// Codes and keys of the specification's examples [Zigbee SE 1.4 annex; BDB 10.1], and what
// zigbee-herdsman 10.9.2 makes of them.
constexpr auto whole = "83FED3407A939723A5C639B26916D505C3B5";
constexpr auto without_crc = "83FED3407A939723A5C639B26916D505";

InstallCode parsed(const std::string& text) {
    std::string problem;
    auto code = parse_install_code(text, problem);
    BOOST_REQUIRE_MESSAGE(code, text + ": " + problem);
    return std::move(*code);
}

std::string refused(const std::string& text) {
    std::string problem;
    BOOST_TEST(!parse_install_code(text, problem), text);
    return problem;
}

std::string key_of(const char* code) {
    return to_hex(aes_mmo(hex(code)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(install_code)

BOOST_AUTO_TEST_CASE(keys_are_those_of_the_specification) {
    BOOST_TEST(key_of("83FED3407A932B70") == "cd4fa064773f46941ec986c09963d1a8");
    BOOST_TEST(key_of("83FED3407A939738C552") == "a833a77434f3bfbd7a7ab97942149287");
    BOOST_TEST(key_of("83FED3407A939723A5C639FF4C12") == "58c1828cf7f1c3fe29e7b1024ad84bfa");
    BOOST_TEST(key_of(whole) == "66b6900981e1ee3ca4206b6b861c02bb");
}

BOOST_AUTO_TEST_CASE(the_hash_is_right_at_the_borders_of_blocks) {
    const std::map<std::size_t, std::string> hashes = {
        {0, "bad78e726c1ec02b7ebfe92b23d9ec34"},  {1, "b2a405b518dd8265053ad72e92a0dfe2"},
        {13, "3ef02c344cb836f76abcfacdc80c5ed4"}, {14, "d2d987af392a74aa2350be20253b9e18"},
        {15, "f688be4220fb747774fadf5f71cc0db2"}, {16, "a85c3815c209171c854b4c3fc21af55b"},
        {17, "3afabac16363708e20aa1e04259e2248"}, {30, "0e0ddf19bb5c0f4e788091ae5a45b339"},
        {31, "8d3ac4a7325c229a2c7bf49468dce7b0"}, {32, "6229a71f6157ddb5deba002edaac3752"}};
    for (const auto& [size, hash] : hashes) {
        Bytes message;
        for (std::size_t i = 0; i < size; ++i)
            message.push_back(static_cast<std::uint8_t>(i));
        BOOST_TEST(to_hex(aes_mmo(message)) == hash, size << " octets");
    }
}

BOOST_AUTO_TEST_CASE(the_crc_is_the_catalogues) {
    constexpr std::string_view digits = "123456789";
    BOOST_TEST(crc16_x25(Bytes(digits.begin(), digits.end())) == 0x906E);
}

BOOST_AUTO_TEST_CASE(every_form_of_label_is_understood) {
    const std::string address = "00124B0001020304";
    const std::string forms[] = {
        "Z:" + address + "$I:" + whole + "%G$M:1",
        "xyZ:" + address.substr(1) + "$I:11Z:" + address + "$I:" + whole,
        address + "|" + whole,
        "|" + address + "|" + whole + "|",
        "G$M:69775$S:680S00003915$D:0000000017$A:" + address + "$I:" + whole,
        "HUE:Z:" + std::string(whole) + " M:" + address + " D:L3B A:1184",
        std::string(40, 'x') + address + "$I:" + whole,
        std::string(40, 'x') + address + "$I:" + without_crc,
    };
    for (const auto& form : forms) {
        const auto code = parsed(form);
        BOOST_TEST(code.ieee.to_string() == "0x00124b0001020304", form);
        BOOST_TEST(to_hex(code.code) == to_hex(hex(whole)), form);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_crc_is_replaced_and_a_missing_one_added) {
    using Crc = InstallCode::Crc;
    const std::string address = "0123456789abcdef|";
    const std::tuple<const char*, const char*, Crc> cases[] = {
        {whole, whole, Crc::right},
        {without_crc, whole, Crc::was_missing},
        {"83FED3407A939723A5C639B26916D5050000", whole, Crc::was_wrong},
        {"83FED3407A93", "83FED3407A932B70", Crc::was_missing},
        {"83FED3407A939723", "83FED3407A932B70", Crc::was_wrong},  // 8 octets have a CRC
        {"83FED3407A939738C552", "83FED3407A939738C552", Crc::right},
        {"83FED3407A939723A5C639B2", "83FED3407A939723A5C639B2AD8B", Crc::was_missing},
    };
    for (const auto& [given, completed, crc] : cases) {
        const auto code = parsed(address + given);
        BOOST_TEST(to_hex(code.code) == to_hex(hex(completed)), given);
        BOOST_TEST(to_hex(code.given) == to_hex(hex(given)), given);
        BOOST_TEST((code.crc == crc), given);
    }
}

BOOST_AUTO_TEST_CASE(what_has_no_known_form_is_refused_and_the_code_is_not_repeated) {
    BOOST_TEST(refused("").find("got 0 chars") != std::string::npos);
    for (const auto* text : {"|", "0123456789abcdef|", "0123456789abcdef|83FE|x", whole,
                             "G$M:1$A:0123456789abcdef$I:83FE%", "HUE:Z:83FE M:012345678"})
        BOOST_TEST(refused(text).starts_with("Unsupported install code"), text);
    for (const std::string code :
         {"83FED3407A", "83FED3407AFF00112233445566778899AABBCCDDEE", "8", "83FED3407A9g"}) {
        const auto problem = refused("0123456789abcdef|" + code);
        BOOST_TEST(problem.find(code) == std::string::npos, problem);
        BOOST_TEST(problem.find("83FE") == std::string::npos, problem);
    }
    BOOST_TEST(refused("0123456789abcdeg|83FED3407A93").find("address") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_label_is_refused_or_is_another_label) {
    const auto text = std::string("HUE:Z:") + whole + " M:00124B0001020304";
    for (std::size_t n = 0; n < text.size(); ++n) {
        const std::string cut(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n));
        BOOST_TEST(!refused(cut).empty(), "cut to " << n);
    }
}

BOOST_FIXTURE_TEST_CASE(the_radio_gets_whole_codes_and_keys_of_short_ones, NetworkFixture) {
    BOOST_REQUIRE(start());
    radio->log.clear();
    const auto add = [this](const std::string& code) {
        return loop.run(network->add_install_code(parsed("00124b0001020304|" + code)));
    };
    BOOST_REQUIRE(add(whole));
    BOOST_REQUIRE(add("83FED3407A932B70"));
    BOOST_REQUIRE(add(without_crc));  // it may be a key
    const std::vector<std::string> expected = {
        "code 0x00124b0001020304 83fed3407a939723a5c639b26916d505c3b5",
        "key 0x00124b0001020304 cd4fa064773f46941ec986c09963d1a8",
        "code 0x00124b0001020304 83fed3407a939723a5c639b26916d505c3b5",
        "key 0x00124b0001020304 83fed3407a939723a5c639b26916d505"};
    BOOST_TEST(radio->log == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_the_radio_says_of_a_code_comes_back, NetworkFixture) {
    BOOST_REQUIRE(start());
    radio->on_install_code = [](Ieee, const Bytes&, bool) {
        return Result<void>(Errc::unsupported);
    };
    const auto added =
        loop.run(network->add_install_code(parsed("00124b0001020304|" + std::string(whole))));
    BOOST_TEST((added.error() == Errc::unsupported));
}

BOOST_AUTO_TEST_SUITE_END()
