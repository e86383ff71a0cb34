package io.throughline.activation.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.activation.tls.TestCertificate;
import io.throughline.activation.tls.TlsReceiver;
import io.throughline.activation.tls.TlsReceiver.Asked;
import io.throughline.activation.tls.TlsSettings;
import io.throughline.activation.webhook.Answer.Failed;
import io.throughline.activation.webhook.Answer.Failure;
import io.throughline.activation.webhook.Answer.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who we are to a receiver under TLS, and who it is to us. */
class WebhookTlsTest {
    private static final TestCertificate AUTHORITY = TestCertificate.authority("authority");
    private static final TestCertificate SERVER =
            TestCertificate.server(AUTHORITY, "localhost", "127.0.0.1");
    private static final TlsSettings TRUSTING = new TlsSettings(null, null, AUTHORITY.pem());
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final WebhookClient client =
            new WebhookClient(
                    Egress.of(new EgressProperties(List.of("127.0.0.0/8"), List.of("*"))),
                    Clock.systemUTC());

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void showsItsCertificateToAReceiverThatAsks(String algorithm) {
        TestCertificate own = TestCertificate.client("shop", algorithm, AUTHORITY);
        try (TlsReceiver receiver = new TlsReceiver(SERVER, AUTHORITY)) {
            assertThat(send(1, receiver.url("localhost"), mtls(own))).isEqualTo(OK);
            assertThat(receiver.asked()).extracting(Asked::client).containsExactly("CN=shop");
        }
    }

    @Test
    void aChainThatDoesNotReachTheReceiversAuthorityIsTls() {
        TestCertificate between =
                TestCertificate.issue("between", "EC", AUTHORITY, true, List.of(), TOMORROW);
        TestCertificate own = TestCertificate.client("shop", "EC", between);
        try (TlsReceiver receiver = new TlsReceiver(SERVER, AUTHORITY)) {
            URI url = receiver.url("localhost");
            assertThat(send(1, url, mtls(own))).isEqualTo(NO_TLS);
            TlsSettings whole =
                    new TlsSettings(own.pem() + between.pem(), own.keyPem(), AUTHORITY.pem());
            assertThat(send(1, url, whole)).isEqualTo(OK);
            assertThat(receiver.asked()).extracting(Asked::client).containsExactly("CN=shop");
        }
    }

    @Test
    void aCertificateOfAnAuthorityThatTheReceiverDoesNotKnowIsTls() {
        TestCertificate other = TestCertificate.authority("other");
        TestCertificate own = TestCertificate.client("shop", "EC", AUTHORITY);
        try (TlsReceiver receiver = new TlsReceiver(SERVER, other)) {
            assertThat(send(1, receiver.url("localhost"), mtls(own))).isEqualTo(NO_TLS);
            assertThat(receiver.asked()).isEmpty();
        }
    }

    @Test
    void withoutTheCertificateThatAReceiverAsksForItIsTls() {
        try (TlsReceiver receiver = new TlsReceiver(SERVER, AUTHORITY)) {
            for (int i = 0; i < 10; i++) {
                assertThat(send(1, receiver.url("localhost"), TRUSTING)).isEqualTo(NO_TLS);
            }
            assertThat(receiver.asked()).isEmpty();
        }
    }

    @Test
    void aReceiverIsKnownByTheDestinationsOwnAuthorityOnly() {
        try (TlsReceiver receiver = new TlsReceiver(SERVER, null)) {
            for (String host : List.of("localhost", "127.0.0.1")) {
                assertThat(send(1, receiver.url(host), TRUSTING)).isEqualTo(OK);
                assertThat(send(1, receiver.url(host), TlsSettings.DEFAULT)).isEqualTo(NO_TLS);
                TlsSettings other =
                        new TlsSettings(null, null, TestCertificate.authority("other").pem());
                assertThat(send(1, receiver.url(host), other)).isEqualTo(NO_TLS);
            }
        }
    }

    @Test
    void aSelfSignedReceiverIsRefusedUnlessItIsTheAuthority() {
        TestCertificate self = TestCertificate.server(null, "localhost");
        try (TlsReceiver receiver = new TlsReceiver(self, null)) {
            URI url = receiver.url("localhost");
            assertThat(send(1, url, TlsSettings.DEFAULT)).isEqualTo(NO_TLS);
            assertThat(send(1, url, new TlsSettings(null, null, self.pem()))).isEqualTo(OK);
        }
    }

    @Test
    void theNameInTheCertificateCountsUnderAnAuthorityOfOnesOwn() {
        TestCertificate elsewhere = TestCertificate.server(AUTHORITY, "receiver.example");
        try (TlsReceiver receiver = new TlsReceiver(elsewhere, null)) {
            assertThat(send(1, receiver.url("localhost"), TRUSTING)).isEqualTo(NO_TLS);
            assertThat(send(1, receiver.url("127.0.0.1"), TRUSTING)).isEqualTo(NO_TLS);
            assertThat(receiver.asked()).isEmpty();
        }
    }

    @Test
    void aConnectionIsUsedAgainByTheSameDestinationUnderEqualSettingsOnly() {
        TestCertificate one = TestCertificate.client("one", "EC", AUTHORITY);
        TestCertificate two = TestCertificate.client("two", "EC", AUTHORITY);
        try (TlsReceiver receiver = new TlsReceiver(SERVER, AUTHORITY)) {
            URI url = receiver.url("localhost");
            assertThat(send(1, url, mtls(one))).isEqualTo(OK);
            assertThat(send(1, url, mtls(one))).isEqualTo(OK);
            assertThat(send(2, url, mtls(one))).isEqualTo(OK);
            assertThat(send(1, url, mtls(two))).isEqualTo(OK);
            assertThat(send(1, url, mtls(one))).isEqualTo(OK);
            assertThat(receiver.asked())
                    .extracting(Asked::client)
                    .containsExactly("CN=one", "CN=one", "CN=one", "CN=two", "CN=one");
            List<Integer> connections = receiver.asked().stream().map(Asked::connection).toList();
            assertThat(connections.get(1)).isEqualTo(connections.get(0));
            assertThat(connections.get(4)).isEqualTo(connections.get(0));
            assertThat(connections.stream().distinct()).hasSize(3);
        }
    }

    /** An open connection under the authorities of before must not outlive them. */
    @Test
    void anAuthorityThatWasTakenAwayIsTrustedNoMore() {
        try (TlsReceiver receiver = new TlsReceiver(SERVER, null)) {
            URI url = receiver.url("localhost");
            assertThat(send(1, url, TRUSTING)).isEqualTo(OK);
            assertThat(send(1, url, TlsSettings.DEFAULT)).isEqualTo(NO_TLS);
        }
    }

    @Test
    void saysWhereTheTimeWent() {
        try (TlsReceiver receiver = new TlsReceiver(SERVER, null)) {
            Exchange first = exchange(1, receiver.url("localhost"), TRUSTING, DEADLINE);
            assertThat(first.phases().dnsMs()).isNotNull();
            assertThat(first.phases().connectMs()).isNotNull();
            assertThat(first.phases().tlsMs()).isNotNull();
            assertThat(first.phases().waitMs()).isNotNull();
            assertThat(first.phases().readMs()).isNotNull();
            assertThat(sum(first.phases())).isBetween(0, (int) first.totalMs());
            Exchange again = exchange(1, receiver.url("localhost"), TRUSTING, DEADLINE);
            assertThat(again.phases().connectMs()).isNull();
            assertThat(again.phases().tlsMs()).isNull();
            assertThat(again.phases().waitMs()).isNotNull();
        }
    }

    @Test
    void aHandshakeThatNobodyAnswersEndsAtTheDeadlineAndIsWhereTheTimeWent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/");
            Exchange exchange = exchange(1, url, TRUSTING, Duration.ofMillis(800));
            assertThat(exchange.answer()).isEqualTo(new Failed(Failure.TIMEOUT));
            assertThat(exchange.totalMs()).isBetween(700L, 5000L);
            assertThat(exchange.phases().dnsMs()).isNull();
            assertThat(exchange.phases().tlsMs()).isBetween(500, 5000);
            assertThat(exchange.phases().waitMs()).isNull();
            assertThat(exchange.phases().readMs()).isNull();
        }
    }

    private static int sum(Phases phases) {
        return or0(phases.dnsMs())
                + or0(phases.connectMs())
                + or0(phases.tlsMs())
                + or0(phases.waitMs())
                + or0(phases.readMs());
    }

    private static int or0(@Nullable Integer millis) {
        return millis == null ? 0 : millis;
    }

    private static final Instant TOMORROW = Instant.now().plus(Duration.ofDays(1));
    private static final Answer OK = new Status(200, null);
    private static final Answer NO_TLS = new Failed(Failure.TLS);

    private static TlsSettings mtls(TestCertificate own) {
        return new TlsSettings(own.pem(), own.keyPem(), AUTHORITY.pem());
    }

    private Answer send(long destination, URI url, TlsSettings tls) {
        return exchange(destination, url, tls, DEADLINE).answer();
    }

    private Exchange exchange(long destination, URI url, TlsSettings tls, Duration deadline) {
        return client.send(
                new WebhookRequest(
                        destination,
                        url,
                        deadline,
                        Map.of(),
                        tls,
                        List.of(WebhookSecret.random(new SecureRandom())),
                        "msg_1",
                        "{}".getBytes(StandardCharsets.UTF_8)));
    }
}
