package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final Egress STRICT = egress(null, null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "100.100.100.200",
                "127.0.0.1",
                "127.255.255.254",
                "168.63.129.16",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:0:7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "2620:4f:8000::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void refusesWhatIsNoReceiverOnTheInternet(String address) {
        assertThat(STRICT.allows(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "93.184.216.34",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.255.255",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001:81b::200e"
            })
    void allowsPublicAddresses(String address) {
        assertThat(STRICT.allows(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void oneForbiddenAddressOfANameIsEnoughToRefuseIt() {
        InetAddress open = InetAddress.ofLiteral("1.1.1.1");
        InetAddress closed = InetAddress.ofLiteral("10.0.0.1");
        assertThat(STRICT.allowsAll(List.of(open))).isTrue();
        assertThat(STRICT.allowsAll(List.of(open, closed))).isFalse();
        assertThat(STRICT.allowsAll(List.of())).isFalse();
    }

    @Test
    void theSettingOpensWhatItNamesAndNothingElse() {
        Egress egress = egress(List.of("127.0.0.0/8", "fd12::/16"), null);
        assertThat(egress.allows(InetAddress.ofLiteral("127.0.0.1"))).isTrue();
        assertThat(egress.allows(InetAddress.ofLiteral("fd12:3::1"))).isTrue();
        assertThat(egress.allows(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(egress.allows(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
        assertThat(egress(List.of(""), null).allows(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "example.com", "10.0.0/8", "::/129"})
    void aSettingThatIsNoRangeStopsTheStart(String range) {
        assertThatThrownBy(() -> egress(List.of(range), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/hook",
                "http://shop.example",
                "https://shop.example:443/a?b=c%20d",
                "http://1.1.1.1/",
                "https://[2606:4700::1111]/hook"
            })
    void acceptsOrdinaryUrls(String url) throws Exception {
        assertThat(STRICT.parse(url)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop.example/hook",
                "ftp://shop.example/",
                "file:///etc/passwd",
                "https://",
                "https:///hook",
                "https://user@shop.example/",
                "https://user:pass@shop.example/",
                "https://good.example\\@10.0.0.1/",
                "https://shop.example/#@10.0.0.1/",
                "https://shop.example/\r\nX: y",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://0x7f.1/",
                "https://shop.example:8080/"
            })
    void refusesWhatTwoParsersMayReadDifferently(String url) {
        assertThatThrownBy(() -> STRICT.parse(url)).isInstanceOf(Egress.RefusedUrlException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://192.0.2.1:0/", "http://192.0.2.1:70000/"})
    void aPortThatNoConnectionHasIsRefusedEvenWhereAllAreAllowed(String url) {
        assertThatThrownBy(() -> egress(null, List.of("*")).parse(url))
                .isInstanceOf(Egress.RefusedUrlException.class);
    }

    @Test
    void portsAreThoseOfTheSetting() throws Exception {
        assertThat(egress(null, List.of("8443")).parse("https://shop.example:8443/")).isNotNull();
        assertThat(egress(null, List.of("*")).parse("http://shop.example:9/")).isNotNull();
        assertThatThrownBy(() -> egress(null, List.of("8443")).parse("https://shop.example/"))
                .isInstanceOf(Egress.RefusedUrlException.class);
    }

    private static Egress egress(@Nullable List<String> allow, @Nullable List<String> ports) {
        return Egress.of(new EgressProperties(allow, ports));
    }
}
